/**
 * What a number written in JSON stands for, without loss: a number where that is printed with the digits that were
 * written, a bigint for larger integers, and a word on what neither can hold.
 */

export type ReadLiteral =
  | { readonly kind: "exact"; readonly value: number | bigint }
  /** The nearest double: infinite, zero or rounded. */
  | { readonly kind: "inexact"; readonly value: number };

/** Decimal digits of the largest bigint that crosses the bridge, and somewhat fewer. */
const mostDigits = 19_700;
/** Decimal places of the largest double. */
const mostPlaces = 309;

/** `literal` is a number as JSON writes it. */
export function readLiteral(literal: string): ReadLiteral {
  const nearest = Number(literal);
  if (/^-?\d+$/.test(literal)) {
    if (Number.isSafeInteger(nearest)) return { kind: "exact", value: nearest };
    if (literal.length <= mostDigits) return { kind: "exact", value: BigInt(literal) };
    return { kind: "inexact", value: nearest };
  }
  const written = toDecimal(literal);
  if (written.digits === "") return { kind: "exact", value: nearest };
  if (!Number.isFinite(nearest) || nearest === 0) return { kind: "inexact", value: nearest };
  const kept = toDecimal(String(nearest));
  if (kept.digits === written.digits && kept.exponent === written.exponent)
    return { kind: "exact", value: nearest };
  const { digits, exponent } = written;
  if (exponent < 0 || digits.length + exponent > mostPlaces) return { kind: "inexact", value: nearest };
  const whole = BigInt(digits + "0".repeat(exponent));
  return { kind: "exact", value: literal.startsWith("-") ? -whole : whole };
}

/** Its digits without zeros at either end, and the power of ten of the last one. */
function toDecimal(literal: string): { readonly digits: string; readonly exponent: number } {
  const [, whole = "", fraction = "", power = "0"] =
    /^-?(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(literal) ?? [];
  const all = whole + fraction;
  let from = 0;
  while (from < all.length && all.charCodeAt(from) === zero) from += 1;
  let to = all.length;
  while (to > from && all.charCodeAt(to - 1) === zero) to -= 1;
  return { digits: all.slice(from, to), exponent: Number(power) - fraction.length + all.length - to };
}

const zero = 0x30;
