/**
 * JSON text that is equal for equal values: keys sorted, no spaces, own properties only. For hashing and
 * comparing what strangers sent: any depth (no recursion), `toJSON` and prototypes ignored. What it means
 * is left to others.
 */
import { CodemodeError } from "../errors.ts";

/** Aliases in YAML share objects, so that a small document may stand for an endless text. */
const maxLength = 64 * 2 ** 20;

interface Frame {
  readonly value: object;
  /** Own values in the order they are written, with their keys unless it is an array. */
  readonly entries: ReadonlyArray<readonly [key: string | undefined, value: unknown]>;
  next: number;
}

/**
 * As `JSON.stringify` writes it, but for key order: an `undefined` property is left out, in an array it is
 * `null`; so are functions, symbols, NaN and Infinity. A Date is its ISO string, a bigint its digits, other
 * objects their own enumerable properties.
 * Throws `value_unsupported` for a cycle and `value_too_large` past 64 Mi characters.
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
    stack.push({
      value: entered,
      entries: Array.isArray(entered) ? itemsOf(entered) : propertiesOf(entered),
      next: 0,
    });
    write(Array.isArray(entered) ? "[" : "{");
  };

  enter(value);
  for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
    const entry = frame.entries[frame.next];
    if (entry === undefined) {
      write(Array.isArray(frame.value) ? "]" : "}");
      ancestors.delete(frame.value);
      stack.pop();
      continue;
    }
    if (frame.next > 0) write(",");
    frame.next += 1;
    if (entry[0] !== undefined) write(`${JSON.stringify(entry[0])}:`);
    enter(entry[1]);
  }
  return chunks.join("");
}

function itemsOf(array: readonly unknown[]): Frame["entries"] {
  return Array.from(array, (item) => [undefined, item] as const);
}

function propertiesOf(object: object): Frame["entries"] {
  const entries = Object.entries(object).filter(([, value]) => !isLeftOut(value));
  return entries.sort(([a], [b]) => (a < b ? -1 : 1));
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
