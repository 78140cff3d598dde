/**
 * Reads from what the client or the network threw what became of a request: it came to no server, to one that refused
 * it, to one that answered badly, or nobody knows.
 */
import { SdkError, SdkErrorCode, SdkHttpError } from "@modelcontextprotocol/client";
import type { CallOutcome } from "../../call-error.ts";
import { outcomeOfStatus } from "../../outcome-of-status.ts";

interface Failure {
  readonly outcome: CallOutcome;
  /** The connection, or the server's side of it, is gone. */
  readonly lost: boolean;
}

/** These happen before a byte of the request is on its way. */
const unreachable = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ENETUNREACH",
  "EHOSTUNREACH",
  "EADDRNOTAVAIL",
  "UND_ERR_CONNECT_TIMEOUT",
]);
/** A certificate is looked at before anything is sent. */
const certificate = /CERT|VERIFY|ALTNAME/;

/** `session` says whether the server had given the connection a session id. */
export function readFailure(
  thrown: unknown,
  { sent, session }: { readonly sent: boolean; readonly session: boolean },
): Failure {
  const status = httpStatus(thrown);
  const forgotten =
    session &&
    (status === 404 || (status === 400 && thrown instanceof Error && /session/i.test(thrown.message)));
  return {
    outcome: sent ? outcomeOfSent(thrown, status) : "not_sent",
    lost: forgotten || isNetworkFailure(thrown),
  };
}

function outcomeOfSent(thrown: unknown, status: number | undefined): CallOutcome {
  if (status !== undefined) return outcomeOfStatus(status);
  if (networkCodes(thrown).some((code) => unreachable.has(code) || certificate.test(code))) return "not_sent";
  return isUnusable(thrown) ? "failed" : "unknown";
}

/** An answer came that is none: text that does not parse, JSON of another shape, a body of another kind. */
export function isUnusable(thrown: unknown): boolean {
  return (
    isUnreadable(thrown) ||
    isSdkCode(thrown, SdkErrorCode.InvalidResult) ||
    isSdkCode(thrown, SdkErrorCode.ClientHttpUnexpectedContent)
  );
}

/** What the client throws at text that does not parse, and at JSON that has the wrong shape. */
export function isUnreadable(thrown: unknown): boolean {
  return thrown instanceof SyntaxError || (thrown instanceof Error && /^\$?ZodError$/.test(thrown.name));
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
    if (
      typeof code === "string" &&
      /^(?:E[A-Z]+|EAI_AGAIN|UND_ERR_\w+|ERR_(?:TLS|SSL)_\w+|[A-Z_]*CERT[A-Z_]*|UNABLE_TO_VERIFY\w+)$/.test(
        code,
      )
    )
      codes.push(code);
  }
  return codes;
}

function isStatus(code: unknown): code is number {
  return typeof code === "number" && code >= 400 && code <= 599;
}
