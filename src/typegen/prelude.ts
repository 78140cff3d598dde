/**
 * The globals a snippet sees, as the text of a declaration file: what the sandbox's allow-list leaves, and
 * nothing else. Goes with the `es2024` library without the DOM; a source's declarations add to `Tools`.
 */

export const prelude = `
/** Every tool: \`await tools.<source>.<name>(args)\`. */
declare const tools: Tools;
interface Tools {}

interface CodemodeHit {
  /** Callable as \`tools.<path>(args)\`. */
  path: string;
  description: string;
  effect: "read" | "write" | "destructive";
  /** Compact TypeScript: \`(args: { … }) => Promise<…>\`. */
  signature: string;
  score: number;
}
interface CodemodeSearchOptions {
  source?: string;
  /** 1 to 50, default 8. */
  limit?: number;
  detail?: "names" | "signatures" | "full";
}
declare const codemode: {
  /** Finds tools by plain words, a path or a glob. */
  search(query: string, options?: CodemodeSearchOptions): Promise<{ results: CodemodeHit[]; total: number; truncated: boolean }>;
  search(request: CodemodeSearchOptions & { query: string }): Promise<{ results: CodemodeHit[]; total: number; truncated: boolean }>;
  /** Full text on a source, a group, a tool or a named type: \`describe("github.issues.create")\`. */
  describe(path: string | { path: string }): Promise<string>;
  /** A named stretch of work. */
  step<T>(name: string, work: () => T | Promise<T>): Promise<Awaited<T>>;
  /** Runs a saved snippet. */
  run(name: string, input?: any): Promise<any>;
};

/** What a failed call throws. */
declare class ToolError extends Error {
  private constructor();
  readonly code: string;
  /** The next step. */
  readonly hint?: string;
  /** What the tool sent with its error. */
  readonly data?: any;
}

interface Console {
  debug(...values: any[]): void;
  log(...values: any[]): void;
  info(...values: any[]): void;
  warn(...values: any[]): void;
  error(...values: any[]): void;
  trace(...values: any[]): void;
  dir(value?: any, options?: any): void;
  dirxml(...values: any[]): void;
  table(value?: any, columns?: readonly string[]): void;
  assert(condition?: any, ...values: any[]): void;
  count(label?: string): void;
  countReset(label?: string): void;
  group(...values: any[]): void;
  groupCollapsed(...values: any[]): void;
  groupEnd(): void;
  time(label?: string): void;
  timeLog(label?: string, ...values: any[]): void;
  timeEnd(label?: string): void;
  clear(): void;
}
declare const console: Console;

declare function setTimeout<A extends any[]>(work: (...args: A) => void, ms?: number, ...args: A): number;
declare function clearTimeout(timer?: number): void;
declare function setInterval<A extends any[]>(work: (...args: A) => void, ms?: number, ...args: A): number;
declare function clearInterval(timer?: number): void;
declare function queueMicrotask(work: () => void): void;
declare function structuredClone<T>(value: T, options?: { transfer?: readonly any[] }): T;
declare function atob(text: string): string;
declare function btoa(text: string): string;
declare const performance: { now(): number; readonly timeOrigin: number };
declare const self: typeof globalThis;
type BufferSource = ArrayBufferView | ArrayBuffer;
declare const crypto: {
  getRandomValues<T extends ArrayBufferView>(array: T): T;
  randomUUID(): \`\${string}-\${string}-\${string}-\${string}-\${string}\`;
  readonly subtle: { digest(algorithm: string | { name: string }, data: BufferSource): Promise<ArrayBuffer> };
};

declare class TextEncoder {
  readonly encoding: string;
  encode(text?: string): Uint8Array<ArrayBuffer>;
  encodeInto(text: string, bytes: Uint8Array): { read: number; written: number };
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  readonly encoding: string;
  readonly fatal: boolean;
  readonly ignoreBOM: boolean;
  decode(bytes?: BufferSource, options?: { stream?: boolean }): string;
}
declare class URL {
  constructor(url: string | URL, base?: string | URL);
  static canParse(url: string | URL, base?: string | URL): boolean;
  static parse(url: string | URL, base?: string | URL): URL | null;
  hash: string;
  host: string;
  hostname: string;
  href: string;
  readonly origin: string;
  password: string;
  pathname: string;
  port: string;
  protocol: string;
  search: string;
  readonly searchParams: URLSearchParams;
  username: string;
  toJSON(): string;
  toString(): string;
}
declare class URLSearchParams implements Iterable<[string, string]> {
  constructor(init?: string | URLSearchParams | Record<string, string> | Iterable<readonly [string, string]> | readonly (readonly [string, string])[]);
  readonly size: number;
  append(name: string, value: string): void;
  delete(name: string, value?: string): void;
  get(name: string): string | null;
  getAll(name: string): string[];
  has(name: string, value?: string): boolean;
  set(name: string, value: string): void;
  sort(): void;
  forEach(each: (value: string, name: string, all: URLSearchParams) => void): void;
  entries(): IterableIterator<[string, string]>;
  keys(): IterableIterator<string>;
  values(): IterableIterator<string>;
  [Symbol.iterator](): IterableIterator<[string, string]>;
  toString(): string;
}
declare class DOMException extends Error {
  constructor(message?: string, name?: string);
  readonly code: number;
}
declare class Event {
  constructor(type: string, options?: { bubbles?: boolean; cancelable?: boolean; composed?: boolean });
  readonly type: string;
  readonly defaultPrevented: boolean;
  readonly target: EventTarget | null;
  preventDefault(): void;
  stopPropagation(): void;
}
declare class CustomEvent<T = any> extends Event {
  constructor(type: string, options?: { detail?: T; cancelable?: boolean });
  readonly detail: T;
}
declare class EventTarget {
  addEventListener(type: string, listener: (event: any) => void, options?: boolean | { once?: boolean; signal?: AbortSignal }): void;
  removeEventListener(type: string, listener: (event: any) => void): void;
  dispatchEvent(event: Event): boolean;
}
declare class AbortSignal extends EventTarget {
  private constructor();
  static abort(reason?: any): AbortSignal;
  static any(signals: Iterable<AbortSignal>): AbortSignal;
  static timeout(ms: number): AbortSignal;
  readonly aborted: boolean;
  readonly reason: any;
  onabort: ((event: Event) => void) | null;
  throwIfAborted(): void;
}
declare class AbortController {
  readonly signal: AbortSignal;
  abort(reason?: any): void;
}
declare class Blob {
  constructor(parts?: readonly (BufferSource | Blob | string)[], options?: { type?: string });
  readonly size: number;
  readonly type: string;
  arrayBuffer(): Promise<ArrayBuffer>;
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
  slice(start?: number, end?: number, type?: string): Blob;
  text(): Promise<string>;
}
`.trimStart();
