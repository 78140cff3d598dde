/**
 * A JSON document's value as a program has it: where the document says that a text is an integer (`exact`), a bigint.
 */

/** `pointers` are those of `exact`. A pointer to what is no integer as text changes nothing. The value given stays as it is. */
export function restoreIntegers(value: unknown, pointers: readonly string[] | undefined): unknown {
  if (pointers === undefined || pointers.length === 0) return value;
  const root = { value: structuredClone(value) };
  for (const pointer of pointers) restoreAt(root, pointer);
  return root.value;
}

function restoreAt(root: object, pointer: string): void {
  const [, ...steps] = pointer.split("/");
  let container = root;
  let key = "value";
  for (const step of steps) {
    const next: unknown = ownValue(container, key);
    if (typeof next !== "object" || next === null) return;
    container = next;
    key = step.replaceAll("~1", "/").replaceAll("~0", "~");
  }
  const text = ownValue(container, key);
  if (typeof text !== "string" || !/^-?\d+$/.test(text)) return;
  const value = BigInt(text);
  Object.defineProperty(container, key, { value, enumerable: true, configurable: true, writable: true });
}

function ownValue(container: object, key: string): unknown {
  return Object.hasOwn(container, key) ? Reflect.get(container, key) : undefined;
}
