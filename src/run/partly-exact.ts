/**
 * A value of which some numbers are not what was written, on its way from a builtin to the record.
 */
import type { ParsedExactly } from "../json/parse-exact.ts";
import type { Value } from "../spec/value.ts";

export class PartlyExact {
  readonly value: Value;
  /** JSON pointers. */
  readonly inexact: readonly string[];

  private constructor({ value, inexact }: ParsedExactly) {
    this.value = value;
    this.inexact = inexact;
  }

  /** The value itself where all of it is exact. */
  static unlessExact(parsed: ParsedExactly): Value | PartlyExact {
    return parsed.inexact.length === 0 ? parsed.value : new PartlyExact(parsed);
  }
}
