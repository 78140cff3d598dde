/**
 * `JSON.stringify` without loss: a bigint is written as the integer it is, which JSON allows. What else JSON lacks is
 * for others to refuse or to replace before.
 */

/** As `JSON.stringify` does it, `toJSON` included; `undefined` for what has no text. */
export function printExact(value: unknown, space?: number): string | undefined {
  const plain = tryPlain(value, space);
  return plain === failed ? printLiterals(value, { space, literal: bigintLiteral }) : plain;
}

/**
 * For what `parse-exact.ts` will read again: a number beyond 2^53 is written with an exponent, so that it comes back as a
 * number, and a bigint of that size as a bigint.
 */
export function printKept(value: unknown): string {
  const plain = tryPlain(value, undefined);
  if (typeof plain === "string" && !/\d{16}/.test(plain)) return plain;
  return printLiterals(value, { space: undefined, literal: keptLiteral });
}

/**
 * As JSON in which each bigint is a text that begins with `mark`; no mark where there is none. For a program that parses
 * it. Throws a `RangeError` for a number that JSON lacks.
 */
export function printMarked(value: unknown): { readonly text: string; readonly mark?: string } {
  const mark = freeMark(value);
  let any = false;
  const text = JSON.stringify(value, (_key, each: unknown) => {
    if (typeof each === "number" && !Number.isFinite(each))
      throw new RangeError(`An argument is ${each}, which JSON lacks.`);
    if (typeof each !== "bigint") return each;
    any = true;
    return `${mark}${each}`;
  });
  return any ? { text, mark } : { text };
}

interface Marking {
  readonly space: number | undefined;
  /** What is written instead of the value; `undefined` for what is written as always. */
  readonly literal: (value: unknown) => string | undefined;
}

function printLiterals(value: unknown, { space, literal }: Marking): string {
  const mark = freeMark(value);
  const marked = (_key: string, each: unknown): unknown => {
    const text = literal(each);
    return text === undefined ? each : mark + text;
  };
  return JSON.stringify(value, marked, space).replaceAll(new RegExp(`"${mark}([^"]*)"`, "g"), "$1");
}

function bigintLiteral(value: unknown): string | undefined {
  return typeof value === "bigint" ? String(value) : undefined;
}

function keptLiteral(value: unknown): string | undefined {
  if (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value))
    return value.toExponential();
  return bigintLiteral(value);
}

const failed: unique symbol = Symbol("failed");

/** Whether there is a bigint at all is found by trying. */
function tryPlain(value: unknown, space: number | undefined): string | undefined | typeof failed {
  try {
    return JSON.stringify(value, undefined, space);
  } catch (thrown) {
    if (thrown instanceof TypeError) return failed;
    throw thrown;
  }
}

/** The first of `n0:`, `n1:`, … that begins no string of the value, so that equal values have equal texts. */
function freeMark(value: unknown): string {
  const text = JSON.stringify(value, (_key, each: unknown) => (typeof each === "bigint" ? 0 : each)) ?? "";
  for (let count = 0; ; count += 1) if (!text.includes(`n${count}:`)) return `n${count}:`;
}
