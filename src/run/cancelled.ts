/**
 * How a run ends that its caller, or the host's own end, has called off.
 */
import { CodemodeError } from "../errors.ts";

export function cancelled(): CodemodeError {
  return new CodemodeError("run_cancelled", "The run was cancelled.");
}
