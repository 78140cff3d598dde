/**
 * The JSON view of a bridge value, for documents and for the model: what JSON lacks is shown by the nearest
 * thing it has, and bytes only by their number.
 */
import type { Json, Value } from "../spec/value.ts";

/**
 * Date → ISO string, bigint → decimal string, NaN and infinities → null, Map → object when all keys are
 * strings, else pairs, Set → array, bytes → `"<n bytes>"`, undefined → left out of objects, null in arrays.
 * Values have bounded depth when they come off the bridge; nothing else may be passed.
 */
export function valueToJson(value: Value): Json {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) ? value : null;
    case "bigint":
      return value.toString();
    case "undefined":
      return null;
    default:
      return value === null ? null : objectToJson(value);
  }
}

function objectToJson(value: Exclude<Value, null | undefined | boolean | number | string | bigint>): Json {
  if (Array.isArray(value)) return value.map(valueToJson);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Uint8Array) return `<${value.byteLength} bytes>`;
  if (value instanceof Set) return [...value].map(valueToJson);
  if (value instanceof Map) return mapToJson(value);
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]): [string, Json][] =>
      each === undefined ? [] : [[key, valueToJson(each)]],
    ),
  );
}

function mapToJson(map: Map<Value, Value>): Json {
  const entries = [...map];
  const named = entries.flatMap(([key, each]): [string, Json][] =>
    typeof key === "string" ? [[key, valueToJson(each)]] : [],
  );
  if (named.length === entries.length) return Object.fromEntries(named);
  return entries.map(([key, each]) => [valueToJson(key), valueToJson(each)]);
}
