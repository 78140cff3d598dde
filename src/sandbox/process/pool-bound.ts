/**
 * How many sandbox processes this machine has room for.
 */
import { totalmem } from "node:os";

/** Megabytes that a process takes besides what its run may add. */
const idleMb = 48;
const mostProcesses = 64;

/**
 * Half of the memory, or of the container's limit where that is less, over what one process may take; at
 * least one and at most 64.
 */
export function machinePoolBound(memoryMb: number, machineBytes: number = machineMemory()): number {
  const fitting = Math.floor(machineBytes / 2 / 2 ** 20 / (memoryMb + idleMb));
  return Math.min(mostProcesses, Math.max(1, fitting));
}

function machineMemory(): number {
  const constrained = process.constrainedMemory();
  // Without a limit the system answers 0 or a number beyond all memory.
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}
