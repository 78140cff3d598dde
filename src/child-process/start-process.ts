/**
 * Starts a child process that has the descriptors it is given and no others: the only way in which the product starts
 * one. A descriptor cannot be closed for a child alone, so that each one that would reach it is led to /dev/null there.
 */
import {
  ChildProcess,
  spawn,
  type ChildProcessByStdio,
  type ChildProcessWithoutNullStreams,
  type SpawnOptions,
  type SpawnOptionsWithStdioTuple,
  type StdioNull,
  type StdioOptions,
  type StdioPipe,
} from "node:child_process";
import { closeSync, openSync } from "node:fs";
import type { Readable } from "node:stream";
import { inheritedDescriptors } from "./inherited-descriptors.ts";

export function startProcess(
  command: string,
  args: readonly string[],
  options: SpawnOptionsWithStdioTuple<StdioPipe, StdioPipe, StdioPipe>,
): ChildProcessWithoutNullStreams;
export function startProcess(
  command: string,
  args: readonly string[],
  options: SpawnOptionsWithStdioTuple<StdioNull, StdioPipe, StdioPipe>,
): ChildProcessByStdio<null, Readable, Readable>;
export function startProcess(command: string, args: readonly string[], options: SpawnOptions): ChildProcess;
export function startProcess(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  using shut = shutDescriptors(options.stdio);
  return spawn(command, args, { ...options, stdio: shut.stdio });
}

interface ShutDescriptors extends Disposable {
  readonly stdio: StdioOptions;
}

/** What is to be given to a child besides `stdio`, so that it gets nothing else. Dispose once it is spawned. */
function shutDescriptors(stdio: StdioOptions = "pipe"): ShutDescriptors {
  const given = typeof stdio === "string" ? [stdio, stdio, stdio] : [...stdio];
  const open = inheritedDescriptors().filter((descriptor) => {
    const own = given[descriptor];
    // Beyond the first three, what is ignored stays as it is.
    return own === undefined || own === null || own === "ignore";
  });
  if (open.length === 0) return { stdio, [Symbol.dispose]: () => undefined };
  const nothing = openSync("/dev/null", "r+");
  for (const descriptor of open) {
    while (given.length < descriptor) given.push("ignore");
    given[descriptor] = nothing;
  }
  return { stdio: given, [Symbol.dispose]: () => closeSync(nothing) };
}

const running = { libraries: 0 };

/**
 * For libraries that start processes of their own: while `work` is under way, whatever this program starts gets nothing
 * that it is not given. They call the same function of Node.js, which has no other place to put this.
 */
export async function shieldLibrary<T>(work: () => Promise<T>): Promise<T> {
  if (process.platform !== "linux") return work();
  if (running.libraries === 0) install();
  running.libraries += 1;
  try {
    return await work();
  } finally {
    running.libraries -= 1;
    if (running.libraries === 0) remove();
  }
}

/** What every way of starting a process comes down to. Not in the types of Node.js. */
const prototype: object = ChildProcess.prototype;
const original: unknown = Reflect.get(prototype, "spawn");

function install(): void {
  if (typeof original !== "function") return;
  Reflect.set(prototype, "spawn", function shielded(this: ChildProcess, options: SpawnOptions): unknown {
    using shut = shutDescriptors(options.stdio);
    return Reflect.apply(original, this, [{ ...options, stdio: shut.stdio }]);
  });
}

function remove(): void {
  Reflect.set(prototype, "spawn", original);
}
