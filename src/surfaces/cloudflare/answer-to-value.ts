/**
 * Makes of what a tool answered a value that may cross into the sandbox. Tools of the AI SDK answer with what
 * `JSON.stringify` understands, so objects of classes become data by the same rules; what JSON lacks but the
 * bridge carries (dates, bytes, maps) stays as it is.
 */
import { CodemodeError } from "../../errors.ts";
import type { Value } from "../../index.ts";

const mostLevels = 200;

/** Throws `tool_result_invalid` for what is nested too deeply, a cycle included. */
export function answerToValue(answer: unknown): Value {
  return toValue(answer, "", 0);
}

function toValue(answer: unknown, key: string, level: number): Value {
  if (level > mostLevels)
    throw new CodemodeError("tool_result_invalid", `The answer is nested more than ${mostLevels} deep.`, {
      hint: "Answer with plain data, without references to itself.",
    });
  switch (typeof answer) {
    case "string":
    case "number":
    case "boolean":
    case "bigint":
      return answer;
    case "object":
      return answer === null ? null : objectToValue(answer, key, level + 1);
    default:
      return undefined;
  }
}

function objectToValue(answer: object, key: string, level: number): Value {
  if (answer instanceof Date) return answer;
  if (answer instanceof Uint8Array) return answer;
  if (answer instanceof ArrayBuffer) return new Uint8Array(answer);
  if (Array.isArray(answer)) return answer.map((each, at) => toValue(each, String(at), level));
  if (answer instanceof Set) return new Set([...answer].map((each) => toValue(each, "", level)));
  if (answer instanceof Map)
    return new Map([...answer].map(([name, each]) => [toValue(name, "", level), toValue(each, "", level)]));
  const toJSON: unknown = Reflect.get(answer, "toJSON");
  if (typeof toJSON === "function") return toValue(Reflect.apply(toJSON, answer, [key]), key, level);
  // Of an error only what it says: the rest is the host's.
  if (answer instanceof Error) return { name: answer.name, message: answer.message };
  // fromEntries defines own properties, so that `__proto__` is only a name.
  return Object.fromEntries(Object.entries(answer).map(([name, each]) => [name, toValue(each, name, level)]));
}
