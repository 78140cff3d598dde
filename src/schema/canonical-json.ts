/**
 * JSON text that is equal for equal values: keys sorted, no spaces, own properties only. For hashing and
 * comparing what strangers sent: any depth (no recursion), `toJSON` and prototypes ignored. What it means
 * is left to others.
 */
import { CodemodeError } from "../errors.ts";

/** Aliases in YAML share objects, so that a small document may stand for an endless text. */
const maxLength = 256 * 2 ** 20;

interface Frame {
  readonly value: object;
  /** Sorted keys; `undefined` for an array. */
  readonly keys: readonly string[] | undefined;
  next: number;
  written: boolean;
}

/**
 * As `JSON.stringify` writes it, but for key order: an `undefined` property is left out, in an array it is
 * `null`; so are functions, symbols, NaN and Infinity. A Date is its ISO string, a bigint its digits, other
 * objects their own enumerable properties.
 * Throws `value_unsupported` for a cycle and `value_too_large` past 256 Mi characters.
 */
export function canonicalJson(value: unknown): string {
  const chunks: string[] = [];
  const stack: Frame[] = [];
  const ancestors = new Set<object>();
  let length = 0;

  const write = (text: string): void => {
    length += text.length;
    if (length > maxLength) {
      throw new CodemodeError(
        "value_too_large",
        `The value takes more than ${maxLength} characters as JSON.`,
      );
    }
    chunks.push(text);
  };
  const enter = (entered: unknown): void => {
    if (typeof entered !== "object" || entered === null || entered instanceof Date) {
      write(scalarToJson(entered));
      return;
    }
    if (ancestors.has(entered)) {
      throw new CodemodeError("value_unsupported", "The value contains itself, which JSON cannot say.");
    }
    ancestors.add(entered);
    const keys = Array.isArray(entered) ? undefined : Object.keys(entered).sort();
    stack.push({ value: entered, keys, next: 0, written: false });
    write(keys === undefined ? "[" : "{");
  };

  enter(value);
  for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
    if (Array.isArray(frame.value)) {
      if (frame.next >= frame.value.length) {
        leave("]");
        continue;
      }
      if (frame.next > 0) write(",");
      const item: unknown = frame.value[frame.next];
      frame.next += 1;
      enter(item);
      continue;
    }
    const key = frame.keys?.[frame.next];
    if (key === undefined) {
      leave("}");
      continue;
    }
    frame.next += 1;
    const property: unknown = (frame.value as Record<string, unknown>)[key];
    if (isLeftOut(property)) continue;
    write(`${frame.written ? "," : ""}${JSON.stringify(key)}:`);
    frame.written = true;
    enter(property);
  }
  return chunks.join("");

  function leave(bracket: string): void {
    write(bracket);
    const left = stack.pop();
    if (left !== undefined) ancestors.delete(left.value);
  }
}

function isLeftOut(value: unknown): boolean {
  return value === undefined || typeof value === "function" || typeof value === "symbol";
}

function scalarToJson(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "boolean":
    case "bigint":
      return String(value);
    case "number":
      return Number.isFinite(value) ? JSON.stringify(value) : "null";
    default:
      return value instanceof Date && Number.isFinite(value.getTime())
        ? JSON.stringify(value.toISOString())
        : "null";
  }
}
