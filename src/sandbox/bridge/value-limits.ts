/**
 * How large a value may be that crosses the bridge, and the numbers that hold for every value.
 */

export interface ValueLimits {
  /** Bytes of the encoded text. */
  readonly bytes: number;
  /** Levels of nesting. */
  readonly depth: number;
}

/** Values inside one value: elements, properties, entries, and the containers themselves. */
export const maxNodes = 1_000_000;

/** Hexadecimal digits of a bigint: 65,536 bits. */
export const maxBigintDigits = 16_384;
