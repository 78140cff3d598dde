/**
 * What a socket, a name server or a deadline says, as an error that a model and an operator can act on.
 */
import { CodemodeError } from "../../errors.ts";

/** These happen before a byte of the request is on its way. */
const notSent = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ENETUNREACH",
  "EHOSTUNREACH",
  "EADDRNOTAVAIL",
]);

export function toSendError(
  thrown: unknown,
  { source, origin }: { source: string; origin: string },
): CodemodeError {
  if (thrown instanceof CodemodeError) return thrown;
  const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
  const name = thrown instanceof Error ? thrown.name : "";
  if (name === "TimeoutError")
    return new CodemodeError("source_timeout", `"${source}" (${origin}) did not answer in time.`, {
      cause: thrown,
    });
  if (name === "AbortError")
    return new CodemodeError("run_cancelled", `The call to "${source}" was cancelled.`, { cause: thrown });
  const unsent = notSent.has(code) || /CERT|TLS|SSL/.test(code);
  const reason = code === "" ? (thrown instanceof Error ? thrown.message : String(thrown)) : code;
  return new CodemodeError("source_unavailable", `"${source}" (${origin}) cannot be reached: ${reason}.`, {
    cause: thrown,
    hint: unsent ? "Check that the host is right and reachable." : "The request may have been carried out.",
    ...(unsent && { data: { sent: false } }),
  });
}
