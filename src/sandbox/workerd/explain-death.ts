/**
 * Says why a sandbox process died, from what it left behind: its signal and the last lines of its stderr.
 */
import type { GuestError } from "../../spec/engine.ts";
import type { ConfinedExit } from "../process/guard-child.ts";

const outOfMemory = /out of memory|heap limit|bad_alloc|Cannot allocate memory|MemoryLimit|OOM/i;

export function explainDeath({ signal, code, stderr }: ConfinedExit, memoryMb: number): GuestError {
  if (outOfMemory.test(stderr)) {
    const message = `The snippet used more than ${memoryMb} MB of memory.`;
    return { code: "memory_limit", message, hint: "Keep less at once: take what is needed of each answer." };
  }
  return {
    code: "sandbox_died",
    message: `The sandbox process died during the run (${signal ?? `code ${code}`}).`,
    hint: "Look at the writes that were made before the run is started again.",
  };
}
