/**
 * Takes a worker's `env` apart: values, which are copied into the worker, and functions, which stay here and are found
 * again by where they were. Own fields alone: a worker can call nothing that was not put there.
 */
import { CodemodeError } from "../errors.ts";
import { encodeValue } from "../sandbox/bridge/encode-value.ts";
import { ValueFault } from "../sandbox/bridge/value-fault.ts";
import type { WorkerLimits } from "./worker-limits.ts";

export type HostFunction = (...args: unknown[]) => unknown;

export interface WorkerBindings {
  /** In the bridge's encoding. */
  readonly values: string;
  /** `["add"]` is `env.add`, `["math", "add"]` is `env.math.add`. */
  readonly paths: readonly (readonly string[])[];
  /** The function at a path that a worker named, if there is one. */
  find(path: unknown): HostFunction | undefined;
}

/** Throws `worker_invalid` for what can neither cross nor be bound. */
export function readEnv(env: object, limits: Pick<WorkerLimits, "valueBytes" | "depth">): WorkerBindings {
  const values: [string, unknown][] = [];
  const functions = new Map<string, HostFunction>();
  const paths: string[][] = [];
  const bind = (path: string[], found: HostFunction): void => {
    paths.push(path);
    functions.set(JSON.stringify(path), found);
  };
  for (const [name, value] of Object.entries(env)) {
    if (isFunction(value)) bind([name], value);
    else if (!isBinding(value)) values.push([name, value]);
    else {
      const members = Object.entries(value);
      for (const [member, each] of members)
        if (isFunction(each)) bind([name, member], (...args) => Reflect.apply(each, value, args));
      values.push([name, Object.fromEntries(members.filter(([, each]) => !isFunction(each)))]);
    }
  }
  return {
    // fromEntries defines own fields, so that `__proto__` is only a name.
    values: encodeEnv(Object.fromEntries(values), limits),
    paths,
    find: (path) => functions.get(JSON.stringify(path) ?? ""),
  };
}

function encodeEnv(values: object, limits: Pick<WorkerLimits, "valueBytes" | "depth">): string {
  try {
    return encodeValue(values, { bytes: limits.valueBytes, depth: limits.depth }, "env");
  } catch (thrown) {
    if (!(thrown instanceof ValueFault)) throw thrown;
    throw new CodemodeError("worker_invalid", `${thrown.message}.`, {
      hint: "env holds values, functions, and plain objects of functions.",
    });
  }
}

/** A plain object that holds functions. */
function isBinding(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && Object.values(value).some(isFunction);
}

function isFunction(value: unknown): value is HostFunction {
  return typeof value === "function";
}
