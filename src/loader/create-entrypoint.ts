/**
 * What `getEntrypoint` gives: an object whose every method is a call of the worker.
 */
import { CodemodeError } from "../errors.ts";
import type { CallLimits, CallRequest } from "./call-ledger.ts";
import { recordToResponse, requestToRecord } from "./http-records.ts";
import type { EntrypointOptions, EntrypointStub } from "./worker-code.ts";
import type { WorkerLimits } from "./worker-limits.ts";

/** What a call needs of the worker that it goes to. */
export interface CallTarget {
  readonly limits: WorkerLimits;
  call(request: CallRequest, limits: CallLimits): Promise<unknown>;
}

export interface CreateEntrypointOptions extends EntrypointOptions {
  readonly name: string | null | undefined;
  /** Gives each call the worker that is there then, and keeps it meanwhile. */
  readonly withTarget: <R>(work: (target: CallTarget) => Promise<R>) => Promise<R>;
}

const mostNameChars = 200;

export function createEntrypoint<T>({
  name,
  withTarget,
  props,
  limits = {},
}: CreateEntrypointOptions): EntrypointStub<T> {
  const entry = name ?? "default";
  const call = async (method: string, args: readonly unknown[], init?: Request): Promise<unknown> => {
    if (entry.length > mostNameChars || method.length > mostNameChars)
      throw new CodemodeError("entrypoint_not_found", "No entrypoint or method has a name this long.");
    return withTarget(async (worker) => {
      const bounds: CallLimits = {
        cpuMs: lower(worker.limits.cpuMs, limits.cpuMs),
        wallMs: lower(worker.limits.wallMs, limits.wallMs),
        subRequests: lower(worker.limits.subRequests, limits.subRequests),
      };
      const maxBytes = Math.floor((worker.limits.valueBytes * 3) / 4);
      const request = init === undefined ? null : await requestToRecord(init, maxBytes);
      return worker.call({ entry, method, args, props, request }, bounds);
    });
  };
  const methods = new Map<string, unknown>();
  methods.set("fetch", async (input: Request | URL | string, init?: RequestInit) =>
    recordToResponse(await call("fetch", [], new Request(input, init))),
  );
  const stub = new Proxy(Object.freeze({}), {
    // Awaiting or printing it is no call.
    get(_target, key) {
      if (typeof key === "symbol" || key === "then") return undefined;
      const known = methods.get(key);
      return known ?? ((...args: unknown[]) => call(key, args));
    },
  });
  return stub as EntrypointStub<T>;
}

function lower(limit: number, other: number | undefined): number {
  return other === undefined ? limit : Math.min(limit, other);
}
