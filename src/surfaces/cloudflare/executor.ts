/**
 * The interfaces of `@cloudflare/codemode` that are exchanged with it, structurally and as its version 0.5.6 publishes
 * them, so that neither package needs the other.
 */

/** One namespace of functions in the sandbox. */
export interface ResolvedProvider {
  readonly name: string;
  readonly fns: { readonly [name: string]: (...args: unknown[]) => Promise<unknown> };
  /** JavaScript that is run after the namespace was made; what it assigns to it comes before `fns`. */
  readonly prelude?: string;
}

export interface ExecuteResult {
  result: unknown;
  error?: string;
  logs?: string[];
}

export interface ConnectorBinding {
  readonly name: string;
  readonly binding: { callTool(method: string, args: unknown): Promise<unknown> };
}

export interface ExecuteOptions {
  readonly connectors?: ConnectorBinding[];
}

/** Runs code with the functions it may call. Never throws: what goes wrong is in `error`. */
export interface Executor {
  execute(
    code: string,
    providersOrFns: ResolvedProvider[] | Record<string, (...args: unknown[]) => Promise<unknown>>,
    options?: ExecuteOptions,
  ): Promise<ExecuteResult>;
}

/** Tools under a namespace, `codemode` unless named: AI SDK tools, descriptors, or `{ description, execute }`. */
export interface ToolProvider {
  readonly name?: string;
  readonly tools: object;
  /** TypeScript for the model, in place of what is made of the tools' schemas. */
  readonly types?: string;
}
