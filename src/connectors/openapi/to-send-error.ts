/**
 * What a socket, a name server or a deadline says, as an error that a model and an operator can act on.
 */
import { CallError, withOutcome, type CallOutcome } from "../../call-error.ts";
import { CodemodeError } from "../../errors.ts";

export interface SendPlace {
  readonly source: string;
  readonly origin: string;
  /** What the request was told to stop by. */
  readonly signal: AbortSignal;
}

/** `outcome`: what became of the call, by this attempt and those before it. */
export function toSendError(
  thrown: unknown,
  { source, origin, signal, outcome }: SendPlace & { readonly outcome: CallOutcome },
): CallError {
  if (signal.aborted) return toAborted(signal.reason, { source, origin, outcome });
  if (thrown instanceof CodemodeError) return withOutcome(thrown, outcome);
  const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
  const unsent = outcome === "not_sent";
  const reason = code === "" ? (thrown instanceof Error ? thrown.message : String(thrown)) : code;
  return new CallError("source_unavailable", `"${source}" (${origin}) cannot be reached: ${reason}.`, {
    cause: thrown,
    hint: unsent ? "Check that the host is right and reachable." : "The request may have been carried out.",
    outcome,
  });
}

function toAborted(
  reason: unknown,
  { source, origin, outcome }: Omit<SendPlace, "signal"> & { readonly outcome: CallOutcome },
): CallError {
  const late = reason instanceof Error && reason.name === "TimeoutError";
  if (!late)
    return new CallError("run_cancelled", `The call to "${source}" was cancelled.`, {
      cause: reason,
      outcome,
    });
  return new CallError("source_timeout", `"${source}" (${origin}) did not answer in time.`, {
    cause: reason,
    outcome,
    ...(outcome === "not_sent"
      ? {}
      : { hint: "A change may have been made all the same; look before trying again." }),
  });
}
