/**
 * What the codec throws when a value cannot cross, with the place inside the value. Whoever catches it turns
 * it into an error of its own side; it never leaves the bridge.
 */

export type ValueFaultCode = "value_unsupported" | "value_too_large";

export class ValueFault extends Error {
  override readonly name = "ValueFault";
  readonly code: ValueFaultCode;
  /** `result.items[3].date` */
  readonly path: string;

  constructor(code: ValueFaultCode, path: string, problem: string) {
    super(`${path} ${problem}`);
    this.code = code;
    this.path = path;
  }
}
