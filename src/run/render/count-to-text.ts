/**
 * Writes a count as a person reads it, and the mark that stands where something was left out.
 */

/** 12345 → `12,345`. */
export function countToText(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ",");
}

/** Never to be taken for content: JSON and tables quote a text that begins like it. */
export function gapMark(count: number, what: string): string {
  return `… ${countToText(count)} more ${count === 1 ? what.replace(/s$/, "") : what} …`;
}
