/**
 * Writes a call's arguments as the JSON that the protocol carries: what JSON lacks goes as the nearest thing
 * that servers understand.
 */
import { CallError } from "../../call-error.ts";
import { printExact } from "../../json/print-exact.ts";
import { rawInteger } from "../../json/raw-integer.ts";
import type { Value } from "../../spec/value.ts";

/**
 * Date → ISO string, bytes → base64, Map → object, Set → array, and a bigint what `JSON.stringify` writes as the integer
 * that it is. Throws `tool_arguments_invalid` for anything but one object, and for a number that JSON lacks.
 */
export function argsToJson(
  tool: string,
  args: Value,
  integer: (value: bigint) => unknown = rawInteger,
): { [name: string]: unknown } {
  if (args === undefined || args === null) return {};
  const json = valueToJson(args, { tool, integer });
  if (typeof args === "object" && isObject(json)) return json;
  throw new CallError("tool_arguments_invalid", `${tool} takes one object with its parameters by name.`, {
    hint: "Call it as tool({ name: value }).",
    outcome: "not_sent",
  });
}

interface Writing {
  readonly tool: string;
  readonly integer: (value: bigint) => unknown;
}

function valueToJson(value: Value, writing: Writing): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === "bigint") return writing.integer(value);
  if (typeof value === "number" && !Number.isFinite(value))
    throw new CallError(
      "tool_arguments_invalid",
      `An argument of ${writing.tool} is ${value}, which JSON lacks.`,
      {
        outcome: "not_sent",
      },
    );
  if (typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((each) => valueToJson(each, writing));
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (value instanceof Set) return Array.from(value, (each) => valueToJson(each, writing));
  const entries = value instanceof Map ? Array.from(value, toEntry) : Object.entries(value);
  return Object.fromEntries(
    entries.flatMap(([key, each]): [string, unknown][] =>
      each === undefined ? [] : [[key, valueToJson(each, writing)]],
    ),
  );
}

function toEntry([key, value]: [Value, Value]): [string, Value] {
  return [typeof key === "string" ? key : (printExact(key) ?? "null"), value];
}

function isObject(json: unknown): json is { [name: string]: unknown } {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}
