/**
 * What a socket, a name server or a deadline says, as an error that a model and an operator can act on.
 */
import { CodemodeError } from "../../errors.ts";

export interface SendPlace {
  readonly source: string;
  readonly origin: string;
  /** What the request was told to stop by. */
  readonly signal: AbortSignal;
}

/** These happen before a byte of the request is on its way. */
const notSent = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ENETUNREACH",
  "EHOSTUNREACH",
  "EADDRNOTAVAIL",
]);

export function toSendError(thrown: unknown, { source, origin, signal }: SendPlace): CodemodeError {
  if (signal.aborted) return toAborted(signal.reason, { source, origin });
  if (thrown instanceof CodemodeError) return thrown;
  const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
  const unsent = notSent.has(code) || /CERT|TLS|SSL/.test(code);
  const reason = code === "" ? (thrown instanceof Error ? thrown.message : String(thrown)) : code;
  return new CodemodeError("source_unavailable", `"${source}" (${origin}) cannot be reached: ${reason}.`, {
    cause: thrown,
    hint: unsent ? "Check that the host is right and reachable." : "The request may have been carried out.",
    ...(unsent && { data: { sent: false } }),
  });
}

function toAborted(reason: unknown, { source, origin }: Omit<SendPlace, "signal">): CodemodeError {
  const late = reason instanceof Error && reason.name === "TimeoutError";
  if (!late)
    return new CodemodeError("run_cancelled", `The call to "${source}" was cancelled.`, { cause: reason });
  return new CodemodeError("source_timeout", `"${source}" (${origin}) did not answer in time.`, {
    cause: reason,
    hint: "A change may have been made all the same; look before trying again.",
  });
}
