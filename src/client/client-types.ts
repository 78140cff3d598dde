/**
 * What a client of Code Mode is given and gives. Types alone: generated packages carry this file as it is.
 */

/** The part of a run document that a client reads. */
export interface RunOutcome {
  readonly runId: string;
  readonly status: string;
  /** JSON: dates are ISO strings, bigints decimal strings, maps objects, sets lists. */
  readonly result?: unknown;
  /** JSON pointers of texts in the result that are integers. */
  readonly exact?: readonly string[] | undefined;
  /** JSON pointers of numbers in the result that are not what was written where they come from. */
  readonly inexact?: readonly string[] | undefined;
  readonly error?:
    | {
        readonly code: string;
        readonly message: string;
        readonly hint?: string | undefined;
        readonly line?: number | undefined;
        readonly column?: number | undefined;
      }
    | undefined;
  readonly pending?: readonly unknown[] | undefined;
}

/** A Code Mode server over HTTP, as `codemode serve` starts it. */
export interface ServerClientOptions {
  /** The MCP endpoint. `codemode serve` says it: `http://127.0.0.1:4000/mcp`. */
  readonly url: string;
  /** Sent as a bearer token. Default: none. */
  readonly token?: string;
  /** Sent with every request. */
  readonly headers?: { readonly [name: string]: string };
  /** Default: the global one. */
  readonly fetch?: typeof globalThis.fetch;
}

/** What `createCodemode()` of the package `codemode` returns, or anything with these two methods. */
export interface InProcessCodemode {
  execute(request: { readonly code: string } & CallOptions): Promise<{ readonly document: RunOutcome }>;
  resume(request: { readonly runId: string } & CallOptions): Promise<{ readonly document: RunOutcome }>;
}

export type ClientOptions = ServerClientOptions | { readonly codemode: InProcessCodemode };

export interface CallOptions {
  /** Cancels the run and its upstream calls. */
  readonly signal?: AbortSignal;
}

export interface Client<Tools> {
  /** `tools.<source>.<name>(args)`: each call is a run of its own. Throws `CodemodeError`. */
  readonly tools: Tools;
  /** The same by path: `github.issues.create`. */
  call(path: string, args?: unknown, options?: CallOptions): Promise<unknown>;
  /** Runs a program in the server's sandbox and answers with what it returned. */
  execute(code: string, options?: CallOptions): Promise<unknown>;
  /** Waits for a run that was paused, and answers with what it returned. */
  resume(runId: string, options?: CallOptions): Promise<unknown>;
}
