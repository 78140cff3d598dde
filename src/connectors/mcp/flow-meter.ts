/**
 * A token bucket: how much of something may arrive at once and then per second. Tells an upstream that
 * floods from one that is busy.
 */

export class FlowMeter {
  readonly #burst: number;
  readonly #perMs: number;
  #left: number;
  #at = performance.now();

  constructor(rate: { readonly burst: number; readonly perSecond: number }) {
    this.#burst = rate.burst;
    this.#perMs = rate.perSecond / 1_000;
    this.#left = rate.burst;
  }

  /** False once more has come than the rate allows. */
  take(amount: number): boolean {
    const now = performance.now();
    this.#left = Math.min(this.#burst, this.#left + (now - this.#at) * this.#perMs) - amount;
    this.#at = now;
    return this.#left >= 0;
  }
}
