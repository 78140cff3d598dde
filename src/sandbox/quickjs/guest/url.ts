/**
 * `URL` and `URLSearchParams` over the parser of the process around the machine, which is that of Node.js: text
 * in, parts out.
 */
import { defineGlobal } from "./define-global.ts";

type UrlFunctions = Pick<HostFunctions, "parseUrl" | "changeUrl" | "parseQuery" | "writeQuery">;

const readOnlyParts = ["origin"];
const parts = [
  "href",
  "protocol",
  "username",
  "password",
  "host",
  "hostname",
  "port",
  "pathname",
  "search",
  "hash",
];

export function installUrl({ parseUrl, changeUrl, parseQuery, writeQuery }: UrlFunctions): void {
  const stringify = JSON.stringify;
  const parse = JSON.parse;

  // What a URL and its parameters do to each other, seen by nobody else.
  let bind: (params: URLSearchParams, onChange: (query: string) => void) => void;
  let reset: (params: URLSearchParams, search: string) => void;
  let read: (url: URL, part: string) => string;
  let change: (url: URL, part: string, value: string) => void;

  class URLSearchParams {
    #pairs: [string, string][];
    #onChange: ((query: string) => void) | undefined;

    constructor(init: unknown = "") {
      this.#pairs = toPairs(init, (text) => parse(parseQuery(text)));
    }
    static {
      bind = (params, onChange) => void (params.#onChange = onChange);
      reset = (params, search) => void (params.#pairs = parse(parseQuery(search)));
    }
    get size(): number {
      return this.#pairs.length;
    }
    append(name: unknown, value: unknown): void {
      this.#pairs.push([String(name), String(value)]);
      this.#changed();
    }
    delete(name: unknown, value?: unknown): void {
      const isKept = ([key, entry]: [string, string]): boolean =>
        key !== String(name) || (value !== undefined && entry !== toText(value));
      this.#pairs = this.#pairs.filter(isKept);
      this.#changed();
    }
    get(name: unknown): string | null {
      return this.#pairs.find(([key]) => key === String(name))?.[1] ?? null;
    }
    getAll(name: unknown): string[] {
      return this.#pairs.filter(([key]) => key === String(name)).map(([, value]) => value);
    }
    has(name: unknown, value?: unknown): boolean {
      return this.#pairs.some(
        ([key, entry]) => key === String(name) && (value === undefined || entry === toText(value)),
      );
    }
    set(name: unknown, value: unknown): void {
      const first = this.#pairs.find(([key]) => key === String(name));
      if (first === undefined) return this.append(name, value);
      first[1] = String(value);
      this.#pairs = this.#pairs.filter((pair) => pair === first || pair[0] !== String(name));
      this.#changed();
    }
    sort(): void {
      this.#pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
      this.#changed();
    }
    forEach(callback: (value: string, name: string, params: URLSearchParams) => void, self?: unknown): void {
      for (const [name, value] of this) callback.call(self, value, name, this);
    }
    *entries(): IterableIterator<[string, string]> {
      for (let at = 0; at < this.#pairs.length; at++) {
        const [name, value] = this.#pairs[at] ?? ["", ""];
        yield [name, value];
      }
    }
    *keys(): IterableIterator<string> {
      for (const [name] of this.entries()) yield name;
    }
    *values(): IterableIterator<string> {
      for (const [, value] of this.entries()) yield value;
    }
    [Symbol.iterator](): IterableIterator<[string, string]> {
      return this.entries();
    }
    toString(): string {
      return writeQuery(stringify(this.#pairs));
    }
    #changed(): void {
      this.#onChange?.(this.toString());
    }
  }

  class URL {
    #parts: { [part: string]: string };
    #params: URLSearchParams | undefined;

    constructor(url: unknown, base?: unknown) {
      const found = parseUrl(String(url), base === undefined ? undefined : toText(base));
      if (found === undefined) throw new TypeError(`Invalid URL: ${String(url).slice(0, 200)}`);
      this.#parts = parse(found);
    }
    static parse(url: unknown, base?: unknown): URL | null {
      return URL.canParse(url, base) ? new URL(url, base) : null;
    }
    static canParse(url: unknown, base?: unknown): boolean {
      return parseUrl(String(url), base === undefined ? undefined : toText(base)) !== undefined;
    }
    static {
      read = (url, part) => url.#parts[part] ?? "";
      change = (url, part, value) => {
        const changed =
          part === "href" ? parseUrl(value, undefined) : changeUrl(read(url, "href"), part, value);
        if (changed === undefined) throw new TypeError(`Invalid URL: ${value.slice(0, 200)}`);
        url.#parts = parse(changed);
        if (url.#params !== undefined) reset(url.#params, read(url, "search"));
      };
    }
    get searchParams(): URLSearchParams {
      if (this.#params === undefined) {
        this.#params = new URLSearchParams(read(this, "search"));
        bind(this.#params, (query) => {
          this.#parts = parse(changeUrl(read(this, "href"), "search", query) ?? "{}");
        });
      }
      return this.#params;
    }
    toString(): string {
      return read(this, "href");
    }
    toJSON(): string {
      return read(this, "href");
    }
  }

  for (const part of [...parts, ...readOnlyParts]) {
    Object.defineProperty(URL.prototype, part, {
      enumerable: true,
      configurable: true,
      get(this: URL) {
        return read(this, part);
      },
      ...(parts.includes(part) && {
        set(this: URL, value: unknown) {
          change(this, part, String(value));
        },
      }),
    });
  }
  defineGlobal("URL", URL);
  defineGlobal("URLSearchParams", URLSearchParams);
}

/** A query's text, pairs, or a record. */
function toPairs(init: unknown, parseText: (text: string) => [string, string][]): [string, string][] {
  if (typeof init !== "object" || init === null) return parseText(String(init));
  if (typeof Reflect.get(init, Symbol.iterator) === "function") {
    return Array.from(init as Iterable<unknown>, (pair) => {
      const [name, value, ...rest] = Array.from(pair as Iterable<unknown>);
      if (value === undefined || rest.length > 0)
        throw new TypeError("Each pair must be a name and a value.");
      return [toText(name), toText(value)];
    });
  }
  return Object.entries(init).map(([name, value]) => [name, String(value)]);
}

function toText(value: unknown): string {
  return String(value);
}
