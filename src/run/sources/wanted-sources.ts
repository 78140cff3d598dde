/**
 * Which sources a program waits for before it begins: those that its text mentions, since one that hangs must not hold up
 * programs that have nothing to do with it.
 */

/** A program that makes names up, or runs others, may want any source. */
export function wantedSources(code: string): (source: string) => boolean {
  const any = code.includes("tools[") || code.includes("codemode.run");
  return (source) => any || code.includes(source);
}
