/** Tells an object with string keys from everything else that a stranger's JSON may hold. */
export function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
