/**
 * `Headers` of a loaded worker, the same on every engine: names without case, sorted as the standard has it.
 */
const headerName = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/;
const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/;

export class WorkerHeaders {
  readonly #values = new Map<string, string[]>();

  constructor(init?: unknown) {
    if (init === undefined || init === null) return;
    if (typeof init !== "object") throw new TypeError("Headers are made of an object or a list of pairs.");
    const pairs: Iterable<unknown> =
      typeof Reflect.get(init, Symbol.iterator) === "function"
        ? (init as Iterable<unknown>)
        : Object.entries(init);
    for (const pair of pairs) {
      const [name, value] = [...(pair as Iterable<unknown>)];
      this.append(name, value);
    }
  }

  append(name: unknown, value: unknown): void {
    const key = toHeaderName(name);
    const known = this.#values.get(key);
    if (known === undefined) this.#values.set(key, [toHeaderValue(value)]);
    else known.push(toHeaderValue(value));
  }

  set(name: unknown, value: unknown): void {
    this.#values.set(toHeaderName(name), [toHeaderValue(value)]);
  }

  delete(name: unknown): void {
    this.#values.delete(toHeaderName(name));
  }

  get(name: unknown): string | null {
    return this.#values.get(toHeaderName(name))?.join(", ") ?? null;
  }

  getSetCookie(): string[] {
    return [...(this.#values.get("set-cookie") ?? [])];
  }

  has(name: unknown): boolean {
    return this.#values.has(toHeaderName(name));
  }

  forEach(callback: (value: string, name: string, headers: WorkerHeaders) => void): void {
    for (const [name, value] of this) callback(value, name, this);
  }

  *entries(): Generator<[string, string]> {
    for (const name of [...this.#values.keys()].sort()) {
      const values = this.#values.get(name) ?? [];
      if (name !== "set-cookie") yield [name, values.join(", ")];
      else for (const value of values) yield [name, value];
    }
  }

  *keys(): Generator<string> {
    for (const [name] of this.entries()) yield name;
  }

  *values(): Generator<string> {
    for (const [, value] of this.entries()) yield value;
  }

  [Symbol.iterator](): Generator<[string, string]> {
    return this.entries();
  }
}

function toHeaderName(name: unknown): string {
  const text = String(name);
  if (!headerName.test(text)) throw new TypeError(`"${text.slice(0, 100)}" is no name of a header.`);
  return text.toLowerCase();
}

function toHeaderValue(value: unknown): string {
  const text = String(value).replaceAll(/^[\t\r\n ]+|[\t\r\n ]+$/g, "");
  if (!headerValue.test(text)) throw new TypeError("A header's value holds characters that none may hold.");
  return text;
}
