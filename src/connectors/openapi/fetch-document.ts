/**
 * Gets the text of an API description: from a file, from a URL, or from the object that was given.
 */
import { readFile, stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { CodemodeError } from "../../errors.ts";
import type { FetchedRecord } from "./fetched-record.ts";
import { acceptEncoding, type HttpClient, type WireAnswer } from "./http-client.ts";
import { maxJsonLength } from "./parse-document.ts";
import { toSendError } from "./to-send-error.ts";

export interface FetchedDocument {
  readonly text: string;
  /** Where it came from in the end, when that was a URL, and what to ask there next time. */
  readonly from?: { readonly url: string; readonly etag?: string; readonly lastModified?: string };
}

/** The server says that nothing has changed since the known one. */
export interface UnchangedDocument {
  readonly unchanged: true;
}

export interface FetchOptions {
  readonly source: string;
  readonly http: HttpClient;
  readonly signal: AbortSignal;
  /** What was fetched last, where its compiled form is still there. */
  readonly known?: FetchedRecord | undefined;
}

const maxRedirects = 5;
const maxValidatorLength = 512;

/** Throws `source_unavailable`, `source_timeout` or `source_invalid`. */
export async function fetchDocument(
  spec: string | object,
  options: FetchOptions,
): Promise<FetchedDocument | UnchangedDocument> {
  if (typeof spec === "object") return { text: toText(spec) };
  if (isUrl(spec)) return await fetchUrl(spec, options);
  return { text: await readText(spec.startsWith("file:") ? fileURLToPath(spec) : spec, options) };
}

export function isUrl(spec: string | object): spec is `http${string}` {
  return typeof spec === "string" && /^https?:\/\//i.test(spec);
}

function toText(spec: object): string {
  try {
    return JSON.stringify(spec);
  } catch (cause) {
    throw new CodemodeError("source_invalid", "The API description is no plain JSON object.", {
      cause,
      hint: "Pass the document as it was parsed, with its references in it.",
    });
  }
}

async function readText(path: string, { source, signal }: FetchOptions): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > 4 * maxJsonLength) {
      throw new CodemodeError(
        "source_invalid",
        `The document of "${source}" has ${size} bytes; at most ${4 * maxJsonLength} are read.`,
      );
    }
    return await readFile(path, { encoding: "utf8", signal });
  } catch (cause) {
    if (cause instanceof CodemodeError) throw cause;
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    const missing = code === "ENOENT";
    throw new CodemodeError(
      "source_unavailable",
      `The document of "${source}" cannot be read: ${path}${missing ? " does not exist" : ` (${code})`}.`,
      {
        cause,
        hint: "Check the path; a relative one is relative to the configuration file.",
      },
    );
  }
}

/** The operator has named the first host; where it redirects to has to be public. */
async function fetchUrl(
  spec: string,
  { source, http, signal, known }: FetchOptions,
): Promise<FetchedDocument | UnchangedDocument> {
  const start = new URL(spec);
  let url = start;
  for (let hops = 0; hops <= maxRedirects; hops += 1) {
    const answer = await http
      .send({
        method: "GET",
        origin: url.origin,
        target: url.pathname + url.search,
        headers: new Map([
          ["accept", "application/json, application/yaml;q=0.9, */*;q=0.8"],
          ["accept-encoding", acceptEncoding],
          ["user-agent", "codemode"],
          ...conditions(url, known),
        ]),
        signal,
        maxBytes: maxJsonLength,
        trusted: url.origin === start.origin,
      })
      .catch((thrown: unknown) => {
        throw toSendError(thrown, { source, origin: url.origin, signal, outcome: "not_sent" });
      });
    const location = answer.headers.get("location");
    if (answer.status >= 300 && answer.status < 400 && location !== undefined) {
      url = new URL(location, url);
      continue;
    }
    if (answer.status === 304 && known?.url === url.href) return { unchanged: true };
    if (answer.status === 200)
      return { text: answer.body.toString(), from: { url: url.href, ...validators(answer) } };
    throw new CodemodeError(
      "source_unavailable",
      `The document of "${source}" cannot be fetched: ${url.origin} answered ${answer.status}.`,
      {
        hint: "Check the URL of the document.",
        data: { status: answer.status },
      },
    );
  }
  throw new CodemodeError(
    "source_unavailable",
    `The document of "${source}" cannot be fetched: more than ${maxRedirects} redirects.`,
  );
}

/** A validator is worth something only to the server that gave it, for the address it gave it for. */
function conditions(url: URL, known: FetchedRecord | undefined): [string, string][] {
  if (known?.url !== url.href) return [];
  if (known.etag !== undefined) return [["if-none-match", known.etag]];
  return known.lastModified === undefined ? [] : [["if-modified-since", known.lastModified]];
}

/** As they came, but for what is too long to be sent back at every start. */
function validators({ headers }: WireAnswer): { etag?: string; lastModified?: string } {
  const [etag, lastModified] = ["etag", "last-modified"].map((name) => headers.get(name));
  const fits = (value: string | undefined): value is string =>
    value !== undefined && value.length <= maxValidatorLength && !/[^\t\x20-\x7e]/.test(value);
  return { ...(fits(etag) && { etag }), ...(fits(lastModified) && { lastModified }) };
}
