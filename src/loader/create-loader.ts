/**
 * `codemode/loader`: isolates to load code into and call, in the shape of Cloudflare's Dynamic Worker Loader. A loaded
 * worker has what its `env` gives it and nothing else: no tools, no journal, no policy; those are `createCodemode`'s.
 */
import type { Engine } from "../spec/engine.ts";
import { createEntrypoint, type CreateEntrypointOptions } from "./create-entrypoint.ts";
import { WarmWorkers } from "./warm-workers.ts";
import type { EntrypointOptions, Loader, WorkerCode, WorkerStub } from "./worker-code.ts";
import { toWorkerLimits, type WorkerLimits } from "./worker-limits.ts";
import { WorkerSession } from "./worker-session.ts";

export type {
  EntrypointOptions,
  EntrypointStub,
  Loader,
  OutboundFunction,
  UnknownEntrypoint,
  WorkerCode,
  WorkerModule,
  WorkerStub,
} from "./worker-code.ts";
export type { WorkerLimits } from "./worker-limits.ts";

export interface LoaderOptions {
  /** Owned from here on. Each loaded worker holds one of its processes. */
  readonly engine: Engine;
  /** Of every worker that has none of its own. */
  readonly limits?: Partial<WorkerLimits>;
  /** Milliseconds without a call after which a worker of `get` is ended. Default 60,000. */
  readonly idleMs?: number;
  /** Workers of `get` at once. Default 8. */
  readonly mostWarm?: number;
  /** Whose processes they are, where an engine serves several. Default `local`. */
  readonly principal?: string;
}

/** Loads programs as workers, each in a leased process of the engine until it is disposed of. */
/**
 * A loader over an engine: `load` begins a fresh worker, `get` keeps one warm by id. Starts nothing by itself; dispose
 * it to end its workers and the engine.
 */
export function createLoader(options: LoaderOptions): Loader {
  const { engine, principal = "local", idleMs = 60_000, mostWarm = 8 } = options;
  const create = (code: WorkerCode): WorkerSession =>
    new WorkerSession({ engine, principal, code, limits: toWorkerLimits(options.limits, code.limits) });
  const warm = new WarmWorkers({ create, idleMs, most: mostWarm });
  const loaded = new Set<WorkerSession>();

  return {
    load(code) {
      const session = create(code);
      loaded.add(session);
      void session.ended.then(() => loaded.delete(session));
      return toStub(
        (work) => work(session),
        () => session[Symbol.asyncDispose](),
      );
    },
    get: (id, getCode) =>
      toStub(
        (work) => warm.use(id, getCode, work),
        () => warm.end(id),
      ),
    async [Symbol.asyncDispose]() {
      await Promise.all([...loaded, warm].map((each) => each[Symbol.asyncDispose]()));
      await engine[Symbol.asyncDispose]();
    },
  };
}

function toStub(withTarget: CreateEntrypointOptions["withTarget"], end: () => Promise<void>): WorkerStub {
  return {
    getEntrypoint: (name?: string | null, options: EntrypointOptions = {}) =>
      createEntrypoint({ ...options, name, withTarget }),
    [Symbol.asyncDispose]: end,
  };
}
