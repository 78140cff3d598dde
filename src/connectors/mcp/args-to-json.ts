/**
 * Writes a call's arguments as the JSON that the protocol carries: what JSON lacks goes as the nearest thing
 * that servers understand.
 */
import { CallError } from "../../call-error.ts";
import type { Json, Value } from "../../spec/value.ts";

/** Date → ISO string, bytes → base64, bigint → number where it fits and digits where not, Map → object, Set → array. */
export function argsToJson(tool: string, args: Value): { [name: string]: Json } {
  if (args === undefined || args === null) return {};
  const json = valueToJson(args);
  if (typeof json === "object" && json !== null && !Array.isArray(json)) return json;
  throw new CallError("tool_arguments_invalid", `${tool} takes one object with its parameters by name.`, {
    hint: "Call it as tool({ name: value }).",
    outcome: "not_sent",
  });
}

function valueToJson(value: Value): Json {
  if (value === undefined || value === null) return null;
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (typeof value !== "object") return typeof value === "number" && !Number.isFinite(value) ? null : value;
  if (Array.isArray(value)) return value.map(valueToJson);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (value instanceof Set) return Array.from(value, valueToJson);
  const entries = value instanceof Map ? Array.from(value, toEntry) : Object.entries(value);
  return Object.fromEntries(
    entries.flatMap(([key, each]): [string, Json][] =>
      each === undefined ? [] : [[key, valueToJson(each)]],
    ),
  );
}

function toEntry([key, value]: [Value, Value]): [string, Value] {
  const json = valueToJson(key);
  return [typeof json === "string" ? json : JSON.stringify(json), value];
}
