/**
 * Waits for work that never rejects, but not for ever.
 */
export async function settleWithin(work: readonly Promise<void>[], ms: number): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, ms);
  await Promise.race([Promise.all(work), late.promise]);
  clearTimeout(timer);
}
