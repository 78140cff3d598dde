/**
 * Takes secrets out of a value: of every text in it, of the keys, of numbers that are one, of bytes that spell one.
 * Walks without recursion, since nesting may not be bounded yet, and copies only what holds a secret.
 */

export interface ValueRedaction {
  readonly text: (text: string) => string;
  /** Whether the digits of a number are a secret by themselves. */
  readonly isSecretNumber: (digits: string) => boolean;
}

const hiddenNumber = "‹hidden›";

/** The same value where it holds none; of plain data, dates and bytes, maps and sets. */
export function redactValue<T>(value: T, redaction: ValueRedaction): T {
  return holdsSecret(value, redaction) ? (copy(value, redaction) as T) : value;
}

function holdsSecret(value: unknown, redaction: ValueRedaction): boolean {
  const seen = new Set<object>();
  const waiting: unknown[] = [value];
  const isSecret = (each: unknown): boolean => {
    if (typeof each !== "object" || each === null) return leaf(each, redaction) !== each;
    if (each instanceof Uint8Array) return bytes(each, redaction) !== each;
    waiting.push(each);
    return false;
  };
  while (waiting.length > 0) {
    const each = waiting.pop();
    if (typeof each !== "object" || each === null || each instanceof Uint8Array) {
      if (isSecret(each)) return true;
    } else if (seen.has(each)) continue;
    else {
      seen.add(each);
      if (Array.isArray(each)) {
        for (const child of each) if (isSecret(child)) return true;
      } else if (each instanceof Map || each instanceof Set) {
        for (const [key, child] of each.entries()) if (isSecret(key) || isSecret(child)) return true;
      } else if (isPlain(each)) {
        for (const key of Object.keys(each))
          if (isSecret(key) || isSecret(Reflect.get(each, key))) return true;
      }
    }
  }
  return false;
}

function copy(value: unknown, redaction: ValueRedaction): unknown {
  const copies = new Map<object, unknown>();
  const waiting: (() => void)[] = [];
  const begin = (each: unknown): unknown => {
    if (typeof each !== "object" || each === null) return leaf(each, redaction);
    const known = copies.get(each);
    if (known !== undefined) return known;
    const made = shell(each, redaction);
    copies.set(each, made);
    if (made !== each) waiting.push(() => fill(each, made, begin));
    return made;
  };
  const copied = begin(value);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) next();
  return copied;
}

/** The empty counterpart of a container; anything else as it is. */
function shell(value: object, redaction: ValueRedaction): object {
  if (Array.isArray(value)) return [];
  if (value instanceof Uint8Array) return bytes(value, redaction);
  if (value instanceof Map) return new Map();
  if (value instanceof Set) return new Set();
  return isPlain(value) ? {} : value;
}

function fill(from: object, to: object, begin: (value: unknown) => unknown): void {
  if (to instanceof Map) for (const [key, child] of entriesOf(from)) to.set(begin(key), begin(child));
  else if (to instanceof Set) for (const [key] of entriesOf(from)) to.add(begin(key));
  else if (Array.isArray(from)) for (const [at, child] of from.entries()) Reflect.set(to, at, begin(child));
  else
    for (const [key, child] of entriesOf(from)) {
      let name = String(begin(key));
      // Two keys that hold one secret stay two.
      while (Object.hasOwn(to, name)) name += "_";
      Object.defineProperty(to, name, {
        value: begin(child),
        writable: true,
        enumerable: true,
        configurable: true,
      });
    }
}

function entriesOf(value: object): Iterable<readonly [key: unknown, child: unknown]> {
  if (Array.isArray(value)) return value.map((child: unknown) => [undefined, child] as const);
  if (value instanceof Map) return value.entries();
  if (value instanceof Set) return [...value].map((key: unknown) => [key, undefined] as const);
  return isPlain(value) ? Object.entries(value) : [];
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function leaf(value: unknown, { text, isSecretNumber }: ValueRedaction): unknown {
  if (typeof value === "string") return text(value);
  if (typeof value === "number" || typeof value === "bigint")
    return isSecretNumber(String(value)) ? hiddenNumber : value;
  return value;
}

/** Read byte by byte: what is secret in them is text, whatever the rest is. */
function bytes(value: Uint8Array, { text }: ValueRedaction): Uint8Array {
  const read = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("latin1");
  const shown = text(read);
  if (shown === read) return value;
  return new Uint8Array(Buffer.from(shown.replaceAll(hiddenNumber, "[hidden]"), "latin1"));
}
