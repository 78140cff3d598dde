/**
 * The result of a run, or the error that says why there is none.
 */
import { CodemodeError, errorCodes, type ErrorCode } from "../errors.ts";
import { restoreIntegers } from "../json/restore-integers.ts";
import type { RunOutcome } from "./client-types.ts";

/**
 * `undefined` where the program returned nothing; integers that a number cannot hold are bigints again. Throws the run's own error, `run_paused` with
 * `data: { runId, pending }` for one that waits for a person, and `run_cancelled`.
 */
export function documentToResult(document: RunOutcome): unknown {
  const { runId, status, error } = document;
  if (status === "completed") return restoreIntegers(document.result, document.exact);
  if (status === "paused") {
    throw new CodemodeError("run_paused", `The run ${runId} waits for a person.`, {
      hint: `Answer it (codemode approve ${runId}), then resume it.`,
      data: { runId, pending: document.pending ?? [] },
    });
  }
  if (error === undefined) {
    const code = status === "cancelled" ? "run_cancelled" : "internal";
    throw new CodemodeError(code, `The run ${runId} ended as ${status}.`, { data: { runId } });
  }
  throw new CodemodeError(toErrorCode(error.code), error.message, {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(error.line === undefined ? {} : { line: error.line }),
    ...(error.column === undefined ? {} : { column: error.column }),
    data: { runId },
  });
}

/** A server newer than this client may know more codes. */
function toErrorCode(code: string): ErrorCode {
  return isErrorCode(code) ? code : "internal";
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorCodes, code);
}
