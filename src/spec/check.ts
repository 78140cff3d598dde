/**
 * The contracts around types: declarations of a catalog, and the check of a snippet against them.
 */

/** A named `.d.ts` file that declares one source's tools: it augments `interface Tools { <source>: … }`. */
export interface Declarations {
  readonly source: string;
  /** Content hash of `text`, so that a warm checker knows what it already has. */
  readonly version: string;
  readonly text: string;
}

export interface Diagnostic {
  /** One-based, in the model's own code. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** The fix: nearest name, expected type, the tool's signature. */
  readonly hint?: string;
  /** The source that the snippet calls and nobody has declared. */
  readonly missingSource?: string;
  /** `warn` for what only an observed shape contradicts. */
  readonly severity: "error" | "warn";
}

export interface CheckRequest {
  /** The snippet as TypeScript module text (see `run/prepare`). */
  readonly code: string;
  readonly declarations: readonly Declarations[];
  readonly signal?: AbortSignal;
  /** Who asks, from the widest to the narrowest; the checker's time is shared out fairly between them. */
  readonly client?: readonly string[] | undefined;
}

export interface Checker extends AsyncDisposable {
  /** Rejects with `unsupported` when no checker can run on this machine; never hangs past its deadline. */
  check(request: CheckRequest): Promise<readonly Diagnostic[]>;
}
