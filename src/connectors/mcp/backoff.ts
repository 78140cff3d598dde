/** How long to wait before trying again: doubling, bounded, and jittered so that many do not try at once. */

const firstMs = 500;

/** Milliseconds after so many failures in a row; between half of the pause and all of it. */
export function backoffMs(failures: number, maxMs: number): number {
  const pause = Math.min(maxMs, firstMs * 2 ** Math.min(failures - 1, 30));
  return pause * (0.5 + Math.random() / 2);
}
