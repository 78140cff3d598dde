/**
 * Lets a process that has computed for a while go behind the others, so that one spinning snippet does not
 * slow down the runs beside it on a machine of few cores.
 */
import { constants, setPriority } from "node:os";

/** False where the system does not allow it. */
export function lowerPriority(pid: number): boolean {
  return trySetPriority(pid, constants.priority.PRIORITY_LOW);
}

/** False where only root may raise a priority: such a process serves no further run. */
export function restorePriority(pid: number): boolean {
  return trySetPriority(pid, constants.priority.PRIORITY_NORMAL);
}

function trySetPriority(pid: number, priority: number): boolean {
  try {
    setPriority(pid, priority);
    return true;
  } catch {
    return false;
  }
}
