/**
 * `codemode/cloudflare`: an engine as an `Executor` of `@cloudflare/codemode`, so that what was written for it runs
 * without Workers. There is no run around it: no journal, no policy, no types; those are `createCodemode`'s.
 */
import { CodemodeError, toCodemodeError } from "../../errors.ts";
import { defaultLimits, snippetToFunction } from "../../index.ts";
import type { Engine, GuestProgram, Limits } from "../../index.ts";
import type { ExecuteOptions, ExecuteResult, Executor } from "./executor.ts";
import { ExecutorCalls } from "./executor-calls.ts";
import { createNamespaces, type Namespaces } from "./namespaces.ts";

export type {
  ConnectorBinding,
  ExecuteOptions,
  ExecuteResult,
  Executor,
  ResolvedProvider,
  ToolProvider,
} from "./executor.ts";

export interface EngineExecutorOptions {
  /** Owned from here on. */
  readonly engine: Engine;
  /** Milliseconds of one execution, waiting for functions included. Default 60,000. */
  readonly timeout?: number;
  /** Further modules by file name, for `await import("name.js")`. */
  readonly modules?: { readonly [name: string]: string };
  /** Any of the limits; `calls` is 10,000 unless given. */
  readonly limits?: Partial<Limits>;
  /** Whose processes they are, where an engine serves several. Default `local`. */
  readonly principal?: string;
}

/** `signal` ends the execution; others than this executor do not know it. */
export interface EngineExecuteOptions extends ExecuteOptions {
  readonly signal?: AbortSignal;
}

export interface EngineExecutor extends Executor, AsyncDisposable {
  execute(
    code: string,
    providersOrFns: Parameters<Executor["execute"]>[1],
    options?: EngineExecuteOptions,
  ): Promise<ExecuteResult>;
  close(): Promise<void>;
}

const defaultTimeout = 60_000;
const timedOut = "Execution timed out";
const overTime = new Set(["wall_limit", "cpu_limit", "lifetime_limit"]);

/** The `Executor` of `@cloudflare/codemode` over an engine of ours. The engine is owned from here on. */
export function createExecutor(options: EngineExecutorOptions): EngineExecutor {
  const { engine } = options;
  const close = async (): Promise<void> => engine[Symbol.asyncDispose]();
  return {
    execute: async (code, providersOrFns, executeOptions = {}) => {
      const logs: string[] = [];
      try {
        const providers = Array.isArray(providersOrFns)
          ? providersOrFns
          : [{ name: "codemode", fns: providersOrFns }];
        const namespaces = createNamespaces(providers, executeOptions.connectors ?? []);
        return await run(snippetToFunction(code), { ...options, ...executeOptions, namespaces, logs });
      } catch (thrown) {
        return { result: undefined, error: toCodemodeError(thrown).message, logs };
      }
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

interface Run extends EngineExecutorOptions, EngineExecuteOptions {
  readonly namespaces: Namespaces;
  readonly logs: string[];
}

async function run(
  program: string,
  { engine, timeout = defaultTimeout, principal = "local", ...options }: Run,
): Promise<ExecuteResult> {
  const { namespaces, logs, signal } = options;
  const limits: Limits = {
    ...defaultLimits,
    wallMs: timeout,
    cpuMs: timeout,
    lifetimeMs: timeout,
    calls: 10_000,
    ...options.limits,
  };
  const calls = new ExecutorCalls(namespaces, limits);
  await using session = await engine.start(
    {
      code: mainModule,
      modules: {
        ...options.modules,
        [programFile]: `${importModules(options.modules)}${namespaces.header}export default ${program}`,
      },
      limits,
      seed: crypto.randomUUID(),
      now: Date.now(),
      principal,
    } satisfies GuestProgram,
    {
      call: (call) => calls.issued(call),
      log: ({ level, text }) => {
        logs.push(level === "warn" || level === "error" ? `[${level}] ${text}` : text);
      },
    },
    signal === undefined ? {} : { signal },
  );
  const timer = setTimeout(
    () => session.cancel({ code: "lifetime_limit", message: timedOut }),
    limits.lifetimeMs,
  );
  const abort = (): void => session.cancel();
  signal?.addEventListener("abort", abort, { once: true });
  if (signal?.aborted === true) abort();
  try {
    calls.attach(session);
    const outcome = await session.outcome;
    if (outcome.status === "completed") return { ...readEnvelope(outcome.value), logs };
    const { code, message } = outcome.error;
    return { result: undefined, error: overTime.has(code) ? timedOut : message, logs };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
    calls.close();
  }
}

const programFile = "codemode-program.js";

/**
 * A program is one function, so `import(…)` is its only way to a module. Engines put a refusal of that name in its
 * place; here it finds the modules that were given, and no others.
 */
function importModules(modules: EngineExecutorOptions["modules"] = {}): string {
  const names = Object.keys(modules).map((name) => JSON.stringify(name));
  if (names.length === 0) return "";
  const imports = names.map((name, at) => `import * as __codemode_module_${at} from ${name};`);
  const entries = names.map((name, at) => `[${name}, __codemode_module_${at}]`);
  return `${imports.join("\n")}
const __codemode_modules = new Map([${entries.join(", ")}]);
const $mport = async (name) => {
  if (__codemode_modules.has(name)) return __codemode_modules.get(name);
  throw new Error(\`There is no module "\${name}"\`);
};
`;
}

/** What is thrown answers with its message alone, as callers of an executor compare it. */
const mainModule = `import program from "${programFile}";
export default async () => {
  try { return { result: await program() }; }
  catch (thrown) { return { error: thrown instanceof Error ? String(thrown.message) : String(thrown) }; }
};`;

/** It comes from the guest, which may have made of it what it likes. */
function readEnvelope(value: unknown): ExecuteResult {
  if (typeof value !== "object" || value === null)
    throw new CodemodeError("value_unsupported", "The program answered with no result.");
  const { error, result } = value as { readonly error?: unknown; readonly result?: unknown };
  return Object.hasOwn(value, "error") ? { result: undefined, error: String(error) } : { result };
}
