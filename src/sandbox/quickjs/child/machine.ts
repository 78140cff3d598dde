/**
 * One QuickJS machine: a WebAssembly instance, a runtime and a context of its own, the harness inside, used for
 * one run and thrown away whole. It hands messages in, runs the machine's jobs to the end after each, and hands
 * out what the guest sends.
 */
import { writeSync } from "node:fs";
import { exit } from "node:process";
import {
  newQuickJSWASMModuleFromVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSSyncVariant,
} from "quickjs-emscripten-core";
import { createHostFunctions } from "./host-functions.ts";

export interface MachineLimits {
  readonly cpuMs: number;
  readonly memoryMb: number;
}

export interface MachineProgram {
  readonly code: string;
  /** By file name. */
  readonly modules?: { readonly [name: string]: string };
}

export interface Machine {
  /** Compiles the program; what is wrong with it as `name: message` and stack, if anything is. */
  readonly load: (program: MachineProgram, limits: MachineLimits) => string | undefined;
  /** One message of the host, and everything that follows from it. */
  readonly receive: (message: string) => void;
}

export interface MachineOptions {
  readonly variant: QuickJSSyncVariant;
  /** The text of the harness's module. */
  readonly harness: string;
  readonly send: (message: string) => void;
}

/** Bytes of WebAssembly stack that QuickJS may use; some 1,400 plain calls of a snippet within each other. */
const stackBytes = 256 * 1024;
/** The host kills at the limit. Past this much more the process ends itself, as the host seems to be busy. */
const graceMs = 500;
/** As a shell reports SIGXCPU and SIGABRT: the first process of a namespace cannot send itself a signal. */
const exitCpu = 152;
const exitAbort = 134;

export async function createMachine({ variant, harness, send }: MachineOptions): Promise<Machine> {
  const module = await newQuickJSWASMModuleFromVariant(variant);
  const runtime = module.newRuntime();
  runtime.setMaxStackSize(stackBytes);
  const context = runtime.newContext();
  const functions = createHostFunctions(context, (message) => {
    if (saysOutOfMemory(message)) die("out of memory");
    send(message);
  });
  context.setProp(context.global, "host", functions);
  functions.dispose();
  const exported = context
    .unwrapResult(context.evalCode(harness, "harness.js", { type: "module" }))
    .consume((namespace) => context.getProp(namespace, "default"));
  const receive = context.getProp(exported, "receive");
  const turn = context.getProp(exported, "turn");

  function load(
    { code, modules = {} }: MachineProgram,
    { cpuMs, memoryMb }: MachineLimits,
  ): string | undefined {
    runtime.setMemoryLimit(memoryMb * 2 ** 20);
    const before = process.cpuUsage();
    runtime.setInterruptHandler(() => {
      const { user, system } = process.cpuUsage(before);
      if (user + system > (cpuMs + graceMs) * 1_000) exit(exitCpu);
      return false;
    });
    const texts = new Map(Object.entries(modules));
    if (texts.size > 0)
      runtime.setModuleLoader((name) => texts.get(name) ?? { error: new Error(`There is no ${name}.`) });
    const compiled = context.evalCode(code, "snippet.js", { type: "module", compileOnly: true });
    if (compiled.error === undefined) {
      compiled.value.dispose();
      return undefined;
    }
    const problem = compiled.error.consume((error) => describe(context, error));
    return problem.includes("out of memory") ? die(problem) : problem;
  }

  function call(target: QuickJSHandle, ...args: QuickJSHandle[]): boolean {
    const result = context.callFunction(target, context.undefined, ...args);
    for (const arg of args) arg.dispose();
    if (result.error !== undefined) return die(result.error.consume((error) => describe(context, error)));
    return result.value.consume((value) => context.dump(value) === true);
  }

  /** A job that fails has no one to tell; the harness catches what a snippet throws. */
  function runJobs(): void {
    while (runtime.hasPendingJob()) {
      const done = runtime.executePendingJobs();
      if (done.error !== undefined) die(done.error.consume((error) => describe(context, error)));
      done.dispose();
    }
  }

  return {
    load,
    receive(message) {
      call(receive, context.newString(message));
      do runJobs();
      while (call(turn));
    },
  };
}

/** A snippet that ran into the memory limit and did not catch it. One that only says so gets the same end. */
function saysOutOfMemory(message: string): boolean {
  const at = message.lastIndexOf("\n") + 1;
  return message.startsWith('["error",', at) && message.includes('"InternalError: out of memory"', at);
}

/** The machine is in a state that no run goes on from. Whoever reads stderr learns why. */
function die(problem: string): never {
  writeSync(2, `${problem}\n`);
  exit(exitAbort);
}

function describe(context: QuickJSContext, error: QuickJSHandle): string {
  const field = (name: string): string =>
    context
      .getProp(error, name)
      .consume((value) => (context.typeof(value) === "string" ? context.getString(value) : ""));
  return `${field("name")}: ${field("message")}\n${field("stack")}`;
}
