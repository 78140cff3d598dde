/**
 * The error of a call that failed, with what became of the call: whoever sent it knows best, and says it once, where it
 * throws. What is then done about it (asked again, told, put to a person) is decided by the outcome alone.
 */
import { CodemodeError, toCodemodeError, type CodemodeErrorOptions, type ErrorCode } from "./errors.ts";

/**
 * `not_sent`: it never left the host. `refused`: the upstream says that it did nothing (401 and 403, 429, arguments that
 * it does not take), so that it may be sent again. `failed`: the upstream answered, and it may have happened in part or
 * as a whole (`isError`, 5xx, an answer that cannot be used). `unknown`: it left, and no answer came.
 * From the least to the gravest.
 */
export const callOutcomes = ["not_sent", "refused", "failed", "unknown"] as const;
/** What became of a call that failed. */
export type CallOutcome = (typeof callOutcomes)[number];

/** As for any error, with what became of the call. */
export interface CallErrorOptions extends CodemodeErrorOptions {
  readonly outcome: CallOutcome;
}

/** What a source throws when a call fails: the error of the product, with what became of the call. */
export class CallError extends CodemodeError {
  readonly outcome: CallOutcome;

  constructor(code: ErrorCode, message: string, { outcome, ...options }: CallErrorOptions) {
    super(code, message, options);
    this.outcome = outcome;
  }
}

/** What it says of its call; `unknown` for one that says nothing. */
export function outcomeOf(thrown: unknown): CallOutcome {
  return thrown instanceof CallError ? thrown.outcome : "unknown";
}

/** The same error with this outcome, whatever it said before. */
export function withOutcome(thrown: unknown, outcome: CallOutcome): CallError {
  const { code, message, hint, cause, line, column, data } = toCodemodeError(thrown);
  return new CallError(code, message, {
    outcome,
    ...(cause === undefined ? {} : { cause }),
    ...(hint === undefined ? {} : { hint }),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
    ...(data === undefined ? {} : { data }),
  });
}

/** The error as it is where it states its outcome; else with this one. */
export function toCallError(thrown: unknown, outcome: CallOutcome): CallError {
  return thrown instanceof CallError ? thrown : withOutcome(thrown, outcome);
}

/** What became of a call that was sent more than once: the gravest of all attempts. */
export function gravestOf(first: CallOutcome, ...others: readonly CallOutcome[]): CallOutcome {
  return others.reduce(
    (gravest, each) => (callOutcomes.indexOf(each) > callOutcomes.indexOf(gravest) ? each : gravest),
    first,
  );
}
