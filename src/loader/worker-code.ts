/**
 * The types of the loader: what is loaded, and what one gets. Names are those of Cloudflare's Dynamic Worker Loader;
 * docs/loader.md says what is the same and what differs.
 */
import type { LogLine } from "../spec/engine.ts";
import type { WorkerLimits } from "./worker-limits.ts";

/** A text is JavaScript, or TypeScript where its name ends in `.ts` or `.mts`. */
export type WorkerModule =
  | string
  | { readonly js: string }
  | { readonly json: unknown }
  | { readonly text: string }
  | { readonly data: ArrayBuffer | Uint8Array };

/** Answers each request of a worker; `signal` of the request ends with the worker. */
export type OutboundFunction = (request: Request) => Response | Promise<Response>;

export interface WorkerCode {
  /** A name in `modules`. */
  readonly mainModule: string;
  /** ES modules and data by name. They import each other by it, or relative to it: `"./lib.js"`. */
  readonly modules: { readonly [name: string]: WorkerModule };
  /**
   * Values, functions, and plain objects of functions: the worker's bindings. Default: none. Values are copied once,
   * when the worker is loaded.
   */
  readonly env?: { readonly [name: string]: unknown };
  /** Answers `fetch` of the worker. Default null: `fetch` throws. */
  readonly globalOutbound?: OutboundFunction | { readonly fetch: OutboundFunction } | null;
  readonly limits?: Partial<WorkerLimits>;
  /** Each line of the worker's console. Default: dropped. */
  readonly onLog?: (line: LogLine) => void;
  /** Taken so that code written for Workers loads; the engine's own date holds. */
  readonly compatibilityDate?: string;
}

export interface EntrypointOptions {
  /** What the entrypoint finds as `ctx.props`. */
  readonly props?: unknown;
  /** The lower of these and the worker's own hold. */
  readonly limits?: Partial<Pick<WorkerLimits, "cpuMs" | "wallMs" | "subRequests">>;
}

/** An entrypoint whose methods nobody declared. */
export interface UnknownEntrypoint {
  readonly [method: string]: (...args: unknown[]) => unknown;
}

/** The methods of `T` as the host calls them: asynchronous, whatever they were. */
export type EntrypointStub<T> = {
  readonly [K in Exclude<keyof T, "fetch">]: T[K] extends (...args: infer A) => infer R
    ? (...args: A) => Promise<Awaited<R>>
    : never;
} & { fetch(input: Request | URL | string, init?: RequestInit): Promise<Response> };

export interface WorkerStub extends AsyncDisposable {
  /** The export of this name; the default export without one. Nothing is looked up before a call. */
  getEntrypoint<T = UnknownEntrypoint>(name?: string | null, options?: EntrypointOptions): EntrypointStub<T>;
}

export interface Loader extends AsyncDisposable {
  /**
   * Loads a fresh worker, which holds a process of its own until it is disposed. Throws `worker_invalid` and
   * `snippet_syntax`; that it could not be started is said by its first call.
   */
  load(code: WorkerCode): WorkerStub;
  /**
   * The worker of this id: the warm one, or a fresh one of `getCode`, which is asked when there is none. Disposing the
   * stub ends the warm one; a later call begins another.
   */
  get(id: string, getCode: () => WorkerCode | Promise<WorkerCode>): WorkerStub;
}
