/**
 * What a client's message keeps of numbers that a double cannot hold: the arguments of a tool exactly, as bigints, or
 * not at all; everything else, of which the protocol knows only ordinary numbers, as `JSON.parse` reads it.
 */
import { CodemodeError } from "../../errors.ts";
import { refuseInexact } from "../../json/arguments-of.ts";
import { markNumbers, newMark } from "../../json/mark-numbers.ts";
import { restoreNumbers } from "../../json/restore-numbers.ts";
import { roundIntegers } from "../../json/round-integers.ts";

export interface ExactMessage {
  readonly message: unknown;
  /** The answer to a call whose arguments hold a number that nothing can. */
  readonly refusal?: { readonly jsonrpc: "2.0"; readonly id: string | number; readonly error: RefusalError };
}

interface RefusalError {
  readonly code: number;
  readonly message: string;
}

const invalidParams = -32_602;
const argumentsPointer = "/params/arguments";

/** Throws what `JSON.parse` throws. */
export function readMessage(text: string): ExactMessage {
  const mark = newMark();
  const marked = markNumbers(text, mark);
  if (marked === text) return { message: JSON.parse(text) };
  const { value, inexact } = restoreNumbers(JSON.parse(marked), mark);
  return exactArguments(value, inexact);
}

/** `message` and `inexact` are what `parse-exact.ts` or `restore-numbers.ts` made of the text. */
export function exactArguments(message: unknown, inexact: readonly string[]): ExactMessage {
  if (!isRecord(message) || message["method"] !== "tools/call" || !isRecord(message["params"]))
    return { message: roundIntegers(message) };
  const { params, ...rest } = message;
  const { arguments: args, ...others } = params;
  const lost = inexact.filter(
    (pointer) => pointer === "" || pointer === argumentsPointer || pointer.startsWith(`${argumentsPointer}/`),
  );
  const rounded = Object(roundIntegers(rest)) as { readonly [name: string]: unknown };
  const kept = {
    ...rounded,
    params: { ...Object(roundIntegers(others)), ...(args === undefined ? {} : { arguments: args }) },
  };
  const { id } = rounded;
  if (lost.length === 0 || (typeof id !== "string" && typeof id !== "number")) return { message: kept };
  return { message: kept, refusal: { jsonrpc: "2.0", id, error: toError(lost) } };
}

function toError(lost: readonly string[]): RefusalError {
  try {
    refuseInexact(
      lost.map((pointer) => pointer.slice(argumentsPointer.length)),
      "The arguments object",
    );
  } catch (thrown) {
    if (!(thrown instanceof CodemodeError)) throw thrown;
    return { code: invalidParams, message: thrown.message };
  }
  return { code: invalidParams, message: "The arguments cannot be read exactly." };
}

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
