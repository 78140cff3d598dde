/**
 * Reads from what the client or the network threw how far a request came: to no server, to one that refused
 * it, or to one that may have acted on it.
 */
import { SdkError, SdkHttpError, type SdkErrorCode } from "@modelcontextprotocol/client";

interface Failure {
  /** The server may have acted on the request. */
  readonly reached: boolean;
  /** The connection, or the server's side of it, is gone. */
  readonly lost: boolean;
}

/** Refusals by which a server says that it has not acted. */
const refusals = new Set([400, 401, 403, 404, 405, 406, 413, 415, 421, 429]);
const unreachable = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"]);

/** `session` says whether the server had given the connection a session id. */
export function readFailure(
  thrown: unknown,
  { sent, session }: { readonly sent: boolean; readonly session: boolean },
): Failure {
  const status = httpStatus(thrown);
  const refused = status !== undefined && refusals.has(status);
  const unreached = networkCodes(thrown).some((code) => unreachable.has(code));
  const forgotten =
    session &&
    (status === 404 || (status === 400 && thrown instanceof Error && /session/i.test(thrown.message)));
  return { reached: sent && !refused && !unreached, lost: forgotten || isNetworkFailure(thrown) };
}

/** The HTTP status an answer of the server had, where one was the reason. */
export function httpStatus(thrown: unknown): number | undefined {
  if (thrown instanceof SdkHttpError) return thrown.status;
  if (!(thrown instanceof Error)) return undefined;
  const match = /\(HTTP (\d{3})\)/.exec(thrown.message);
  if (match !== null) return Number(match[1]);
  return "code" in thrown && isStatus(thrown.code) ? thrown.code : undefined;
}

/** The server was not there, as opposed to there and displeased. */
export function isNetworkFailure(thrown: unknown): boolean {
  return networkCodes(thrown).length > 0;
}

export function isSdkCode(thrown: unknown, code: SdkErrorCode): boolean {
  return thrown instanceof SdkError && thrown.code === code;
}

function networkCodes(thrown: unknown): string[] {
  const codes: string[] = [];
  for (let error: unknown = thrown; error instanceof Error; error = error.cause) {
    const code: unknown = "code" in error ? error.code : undefined;
    if (typeof code === "string" && /^(?:E[A-Z]+|EAI_AGAIN|UND_ERR_\w+)$/.test(code)) codes.push(code);
  }
  return codes;
}

function isStatus(code: unknown): code is number {
  return typeof code === "number" && code >= 400 && code <= 599;
}
