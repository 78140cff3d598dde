/**
 * Reads an HTTP answer: a value when it succeeded, a `tool_failed` with the API's own words when it did not.
 * Known secrets are taken out of what was read, and before anything of it is cut; some APIs echo what they were sent.
 */
import { STATUS_CODES } from "node:http";
import { gravestOf, toCallError, withOutcome } from "../../call-error.ts";
import { CodemodeError } from "../../errors.ts";
import type { ParsedExactly } from "../../json/parse-exact.ts";
import { printExact } from "../../json/print-exact.ts";
import { outcomeOfStatus } from "../../outcome-of-status.ts";
import type { Secrets } from "../../redact/create-secrets.ts";
import type { Value } from "../../spec/value.ts";
import { errorText } from "./error-text.ts";
import { mediaKind } from "./media-kind.ts";
import { parseJson } from "./parse-json.ts";
import type { WireAnswer } from "./http-client.ts";
import type { SentAnswer } from "./send-request.ts";

export interface ReadOptions {
  readonly source: string;
  readonly method: string;
  /** Levels of nesting. */
  readonly depth: number;
  readonly secrets: Secrets;
}

/** Throws `tool_failed` for anything but 2xx, `tool_result_invalid` for a body that is not what it claims to be. */
export function readAnswer({ answer, before }: SentAnswer, options: ReadOptions): ParsedExactly {
  const { status } = answer;
  const { secrets } = options;
  const read = (): ParsedExactly => {
    const { value, inexact } = readBody(answer, options);
    return { value: secrets.value(value), inexact };
  };
  if (status >= 200 && status < 300) {
    try {
      return read();
    } catch (thrown) {
      throw toCallError(thrown, "failed");
    }
  }
  let body: Value;
  try {
    const { value, inexact } = read();
    // What was not read exactly stays as it was written.
    body = inexact.length === 0 ? value : secrets.text(decode(answer));
  } catch {
    body = secrets.text(decode(answer)).slice(0, maxErrorText);
  }
  throw withOutcome(toFailure(answer, shortened(body), options), gravestOf(before, outcomeOfStatus(status)));
}

function readBody(answer: WireAnswer, { depth, method, secrets }: ReadOptions): ParsedExactly {
  const { body, headers, status } = answer;
  if (body.length === 0 || status === 204 || status === 205 || method === "HEAD") return exact(null);
  const contentType = headers.get("content-type");
  const kind = contentType === undefined ? guessKind(body) : mediaKind(contentType);
  switch (kind) {
    case "json":
      return readJson(decode(answer), depth, secrets);
    case "text":
    case "form":
    case "multipart":
      return exact(decode(answer));
    default:
      // A copy: the buffer's own memory may be shared with what else was received.
      return exact(new Uint8Array(body));
  }
}

/** What a parser quotes of a text that it cannot read may be a part of a secret. */
function readJson(text: string, depth: number, secrets: Secrets): ParsedExactly {
  try {
    return parseJson(text, depth);
  } catch {
    return parseJson(secrets.text(text), depth);
  }
}

function exact(value: Value): ParsedExactly {
  return { value, inexact: [] };
}

/** JSON is always UTF-8 (RFC 8259, 8.1); text may say otherwise. */
function decode({ body, headers }: WireAnswer): string {
  const charset = /;\s*charset="?([\w-]+)"?/i.exec(headers.get("content-type") ?? "")?.[1] ?? "utf-8";
  try {
    return new TextDecoder(charset).decode(body);
  } catch {
    return body.toString();
  }
}

/** For servers that do not say what they send. */
function guessKind(body: Buffer): "json" | "text" | "binary" {
  const head = body.subarray(0, 512).toString();
  if (/^\s*[[{"]/.test(head)) return "json";
  return /[\p{Cc}\uFFFD]/u.test(head.replaceAll(/[\t\r\n\f]/g, "")) ? "binary" : "text";
}

/** Headers that help to go on: pages, limits, ids for support. */
const telling =
  /^(?:content-type|location|link|retry-after|www-authenticate|etag|(?:x-)?ratelimit-.*|x-rate-limit-.*|(?:x-)?request-id|x-total-count)$/;
const maxErrorText = 16_000;

function toFailure(answer: WireAnswer, body: Value, { source, secrets }: ReadOptions): CodemodeError {
  const { status, statusText } = answer;
  const headers = Object.fromEntries(
    [...answer.headers]
      .filter(([name]) => telling.test(name))
      .map(([name, value]) => [name, secrets.text(value)]),
  );
  const phrase = STATUS_CODES[status] ?? secrets.text(statusText);
  const said = errorText(body);
  const message = `${source} answered ${status} ${phrase}${said === undefined ? "" : `: ${said}`}`;
  const hint = hints.get(status);
  return new CodemodeError("tool_failed", message, {
    data: { status, headers, body },
    ...(hint !== undefined && { hint }),
  });
}

const hints = new Map([
  [401, "The credentials of this source are missing or no longer valid; that is for the operator to mend."],
  [429, "The API limits how often it is called; wait, or ask for more at once."],
]);

/** An error page may be as large as any other. */
function shortened(body: Value): Value {
  if (typeof body === "string") return body.length <= maxErrorText ? body : `${body.slice(0, maxErrorText)}…`;
  if (body instanceof Uint8Array) return null;
  const text = printExact(body) ?? "";
  return text.length <= maxErrorText ? body : `${text.slice(0, maxErrorText)}…`;
}
