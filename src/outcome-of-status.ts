/**
 * What became of a request that an HTTP server did not answer with success, by its status (RFC 9110): the same for
 * every connector.
 */
import type { CallOutcome } from "./call-error.ts";

/**
 * Of the 4xx, those that do not say that nothing was done: 408 often stands for a gateway that waited in vain, 409 for
 * something that is there already, perhaps by this very request, 424 for a part that failed, 499 for who went away.
 */
const unclear = new Set([408, 409, 424, 499]);
/** "Send it there instead": unlike 301 to 303, which many servers answer with when they are done. */
const elsewhere = new Set([307, 308]);

export function outcomeOfStatus(status: number): Extract<CallOutcome, "refused" | "failed"> {
  const isRefusal = (status >= 400 && status < 500 && !unclear.has(status)) || elsewhere.has(status);
  return isRefusal ? "refused" : "failed";
}
