/**
 * Finds what JSON cannot say inside the arguments of a call: such a value must be converted by the snippet,
 * never silently by the host.
 */
import type { Value } from "../spec/value.ts";
import { pathToText, type ValidationProblem, type ValuePath } from "./validation-problem.ts";

export interface Measured {
  readonly problems: readonly ValidationProblem[];
  /** Values in total, nested ones included. */
  readonly size: number;
}

const maxProblems = 5;

/** Walks the whole value without recursion. A Date, bytes, a bigint and an `undefined` property are fine. */
export function findUnsupported(value: Value): Measured {
  const problems: ValidationProblem[] = [];
  const waiting: { readonly value: Value; readonly path: ValuePath | undefined }[] = [
    { value, path: undefined },
  ];
  let size = 0;
  for (let entry = waiting.pop(); entry !== undefined; entry = waiting.pop()) {
    size += 1;
    const { value: current, path } = entry;
    const advice = unsupportedAdvice(current);
    if (advice !== undefined) {
      if (problems.length < maxProblems) problems.push(toProblem(advice, path));
    } else if (Array.isArray(current)) {
      for (const [index, item] of current.entries()) {
        if (item !== undefined) waiting.push({ value: item, path: { parent: path, key: index } });
        else if (problems.length < maxProblems)
          problems.push(toProblem(undefinedItem, { parent: path, key: index }));
      }
    } else if (isKeyed(current)) {
      for (const [key, item] of Object.entries(current)) {
        if (item !== undefined) waiting.push({ value: item, path: { parent: path, key } });
      }
    }
  }
  return { problems, size };
}

interface Advice {
  readonly found: string;
  readonly hint: string;
}

const undefinedItem: Advice = {
  found: "is undefined inside an array",
  hint: "leave such items out, or pass null",
};

function unsupportedAdvice(value: Value): Advice | undefined {
  if (typeof value === "number")
    return Number.isFinite(value)
      ? undefined
      : { found: `is ${value}, which JSON cannot say`, hint: "check the arithmetic that made it" };
  if (typeof value === "function" || typeof value === "symbol")
    return { found: `is a ${typeof value}, which JSON cannot say`, hint: "pass data only" };
  if (value instanceof Map)
    return { found: "is a Map, which JSON cannot say", hint: "pass Object.fromEntries(map)" };
  if (value instanceof Set) return { found: "is a Set, which JSON cannot say", hint: "pass [...set]" };
  if (value instanceof Date && Number.isNaN(value.getTime()))
    return { found: "is an invalid Date", hint: "check how the date was parsed" };
  return undefined;
}

function toProblem(advice: Advice, path: ValuePath | undefined): ValidationProblem {
  const text = pathToText(path);
  return {
    path: text,
    kind: "unsupported",
    message: `${text === "" ? "the argument" : text} ${advice.found}`,
    hint: advice.hint,
  };
}

function isKeyed(value: Value): value is { [key: string]: Value } {
  return (
    typeof value === "object" && value !== null && !(value instanceof Date) && !(value instanceof Uint8Array)
  );
}
