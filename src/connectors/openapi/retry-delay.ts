/**
 * How long to wait before trying again.
 */

const firstDelayMs = 500;

/**
 * Milliseconds by `Retry-After` (RFC 9110, 10.2.3: seconds or a date), else doubling with some spread.
 * `undefined` when the server asks for more than `maxMs`: then its answer is passed on.
 */
export function retryDelay(retryAfter: string | undefined, tried: number, maxMs: number): number | undefined {
  const asked = retryAfter === undefined ? undefined : toMilliseconds(retryAfter.trim());
  if (asked !== undefined) return asked <= maxMs ? asked : undefined;
  const doubled = firstDelayMs * 2 ** tried;
  return Math.min(maxMs, doubled * (0.75 + Math.random() / 2));
}

function toMilliseconds(retryAfter: string): number | undefined {
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter) * 1000;
  const at = Date.parse(retryAfter);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}
