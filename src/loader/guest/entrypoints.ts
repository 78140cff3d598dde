/**
 * Finds what a call names among a worker's exports, by own keys alone, and calls it.
 */
import { recordToRequest, type RequestRecord } from "./request.ts";
import { responseToRecord, WorkerResponse } from "./response.ts";

/** One call of the host. */
export interface EntrypointCall {
  readonly id: number;
  readonly entry: string;
  readonly method: string;
  readonly args: readonly unknown[];
  readonly props: unknown;
  /** The call is `fetch`; `args` is empty. */
  readonly request: RequestRecord | null;
}

export class EntrypointNotFound extends Error {
  readonly code = "entrypoint_not_found";
}

interface WorkerContext {
  readonly props: unknown;
  waitUntil(promise: unknown): void;
}

/** Taken before the worker could replace it. */
const apply = Reflect.apply;
const toText: () => string = Reflect.get(Function.prototype, "toString");

export async function callEntrypoint(worker: object, env: object, call: EntrypointCall): Promise<unknown> {
  const awaited: unknown[] = [];
  const context: WorkerContext = { props: call.props, waitUntil: (promise) => void awaited.push(promise) };
  const exported: unknown = Object.hasOwn(worker, call.entry) ? Reflect.get(worker, call.entry) : undefined;
  const isClass = typeof exported === "function" && /^class\b/.test(apply(toText, exported, []));
  if (!isClass && (typeof exported !== "object" || exported === null))
    throw new EntrypointNotFound(`The worker exports no entrypoint "${call.entry}".`);
  const target: object = isClass ? Reflect.construct(exported, [context, env]) : exported;
  const method = findMethod(target, call.method);
  if (method === undefined)
    throw new EntrypointNotFound(`The entrypoint "${call.entry}" has no method "${call.method}".`);
  const args =
    call.request === null
      ? call.args
      : isClass
        ? [recordToRequest(call.request)]
        : [recordToRequest(call.request), env, context];
  const value: unknown = await Reflect.apply(method, target, args);
  await Promise.allSettled(awaited);
  if (call.request === null) return value;
  if (!(value instanceof WorkerResponse)) throw new TypeError("fetch answered with no Response.");
  return responseToRecord(value);
}

/** Of the object or of its classes, never of the language's own prototypes. */
function findMethod(target: object, name: string): Function | undefined {
  if (name === "constructor") return undefined;
  for (
    let at: object | null = target;
    at !== null && at !== Object.prototype;
    at = Object.getPrototypeOf(at)
  ) {
    if (!Object.hasOwn(at, name)) continue;
    const method: unknown = Reflect.get(at, name, target);
    return typeof method === "function" ? method : undefined;
  }
  return undefined;
}
