/**
 * Hands an encoded operation to a function of the host instead of the built-in HTTP client: where the API is, who is
 * authorised and what is followed are then the host's. Paths and queries are encoded here all the same.
 */
import { CallError, toCallError } from "../../call-error.ts";
import { CodemodeError, toCodemodeError } from "../../errors.ts";
import { parseExact } from "../../json/parse-exact.ts";
import type { CallContext } from "../../spec/source.ts";
import type { Value } from "../../spec/value.ts";
import type { HttpRequest } from "./http-request.ts";
import { mediaKind } from "./media-kind.ts";

export interface HostRequest {
  /** Upper case. */
  readonly method: string;
  /** Encoded; starts with a slash, relative to wherever the API is. */
  readonly path: string;
  /** Decoded; a name that is sent several times has all its values. */
  readonly query: { readonly [name: string]: string | string[] };
  /** Names in lower case; those that the document's parameters name, `accept` and `content-type`. */
  readonly headers: { readonly [name: string]: string };
  /** Parsed where it is JSON (integers that a number cannot hold are bigints), text where it is a form or text, bytes else; absent when there is none. */
  readonly body?: unknown;
  readonly contentType?: string;
}

export interface HostRequestContext {
  /** Aborts when the run is cancelled or the call takes too long. */
  readonly signal: AbortSignal;
  readonly principal: string;
  readonly runId: string;
}

/** What it throws is told to the snippet as `tool_failed`, by its message; a `CallError` says what became of the call. */
export type SendByHost = (request: HostRequest, context: HostRequestContext) => Promise<Value>;

/** Throws `tool_failed`, `source_timeout` and `run_cancelled`. */
export async function sendByHost(
  send: SendByHost,
  encoded: HttpRequest,
  { signal, timeoutMs, principal, runId, leaving }: CallContext,
): Promise<Value> {
  const late = AbortSignal.timeout(timeoutMs);
  const stop = AbortSignal.any([signal, late]);
  if (signal.aborted)
    throw new CallError("run_cancelled", "The request was cancelled.", { outcome: "not_sent" });
  const stopped = Promise.withResolvers<never>();
  const giveUp = (): void =>
    stopped.reject(
      late.aborted
        ? new CallError("source_timeout", `The request took longer than ${timeoutMs} ms.`, {
            outcome: "unknown",
          })
        : new CallError("run_cancelled", "The request was cancelled.", { outcome: "unknown" }),
    );
  stop.addEventListener("abort", giveUp, { once: true });
  leaving?.();
  stopped.promise.catch(() => undefined);
  // In an async function, so that what is thrown at once fails like what is thrown later.
  const sending = (async () => send(toHostRequest(encoded), { signal: stop, principal, runId }))();
  sending.catch(() => undefined);
  try {
    return await Promise.race([sending, stopped.promise]);
  } catch (thrown) {
    if (thrown instanceof CodemodeError) throw toCallError(thrown, "failed");
    const { message } = toCodemodeError(thrown);
    throw new CallError("tool_failed", message, { cause: thrown, outcome: "failed" });
  } finally {
    stop.removeEventListener("abort", giveUp);
  }
}

function toHostRequest({ method, path, query, headers, cookies, body }: HttpRequest): HostRequest {
  const contentType = headers.get("content-type");
  const all = new Map(headers);
  if (cookies.length > 0) all.set("cookie", cookies.join("; "));
  return {
    method: method.toUpperCase(),
    path,
    query: toQuery(query),
    headers: Object.fromEntries(all),
    ...(body === undefined ? {} : { body: readBody(body, contentType) }),
    ...(contentType === undefined ? {} : { contentType }),
  };
}

/** fromEntries defines own properties, so that `__proto__` is only a name. */
function toQuery(pairs: readonly string[]): { [name: string]: string | string[] } {
  const found = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(pairs.join("&")))
    found.set(name, [...(found.get(name) ?? []), value]);
  return Object.fromEntries(
    [...found].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? "") : values]),
  );
}

function readBody(body: Buffer, contentType = ""): unknown {
  const kind = mediaKind(contentType);
  if (kind === "json") return parseExact(body.toString("utf8")).value;
  return kind === "text" || kind === "form" ? body.toString("utf8") : new Uint8Array(body);
}
