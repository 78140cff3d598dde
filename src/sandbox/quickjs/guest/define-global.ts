/**
 * Puts a global where an engine would have it: not enumerable, and free to be assigned.
 */
export function defineGlobal(name: string, value: unknown): void {
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
}
