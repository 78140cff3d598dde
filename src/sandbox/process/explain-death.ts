/**
 * Says why a sandbox process died by itself: for want of memory, or otherwise. Only a wording: what a dying
 * process wrote is not to be believed for more.
 */
import { CodemodeError } from "../../errors.ts";
import type { ConfinedExit } from "./guard-child.ts";

const memoryWords =
  /out of memory|OOM|heap limit|Failed to reserve|bad_alloc|Cannot allocate memory|allocation failed|memory allocation|tcmalloc|^MALLOC:|page heap/im;

/** `cpu_limit`, `memory_limit` or `sandbox_died`. `addedBytes` is the most the watch has seen. */
export function explainDeath(
  { code, signal, stderr }: ConfinedExit,
  used: { readonly addedBytes: number; readonly memoryMb: number },
): CodemodeError {
  if (signal === "SIGXCPU") {
    return new CodemodeError(
      "cpu_limit",
      "The snippet used more CPU time than it may, and its process ended.",
      {
        hint: "Look for a loop that does not end, or do the work in smaller runs.",
      },
    );
  }
  const how = signal ?? `code ${code}`;
  const nearLimit = used.addedBytes >= used.memoryMb * 2 ** 20 * 0.8;
  const crashed = signal !== null && signal !== "SIGTERM";
  if (crashed && (nearLimit || memoryWords.test(stderr))) {
    return new CodemodeError(
      "memory_limit",
      `The snippet needed more than ${used.memoryMb} MB of memory, and its process died of it (${how}).`,
      { hint: "Keep less at once: take what is needed of each answer and drop the rest." },
    );
  }
  return new CodemodeError("sandbox_died", `The sandbox process died (${how}).`, {
    hint: "The run can be tried again; the writes it made are listed with it.",
  });
}
