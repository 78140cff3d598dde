/**
 * The quickjs engine, for machines that workerd has no build for: Node.js processes with a QuickJS machine in
 * each, a fresh one for every run. What differs from workerd is in docs/engines.md.
 */
import type { Engine } from "../../spec/engine.ts";
import { createPooledEngine, type PooledEngineOptions } from "../session/create-pooled-engine.ts";
import { bootQuickJs } from "./boot-quickjs.ts";
import { readSandboxFiles } from "./sandbox-files.ts";

export type QuickJsEngineOptions = PooledEngineOptions;

/** Each program in a QuickJS-ng of its own, in a child process: for machines that workerd has no build for. Starts nothing before the first run or `ready`. */
export function createQuickJsEngine(options: QuickJsEngineOptions = {}): Engine {
  const kind = {
    name: "quickjs",
    build: () => readSandboxFiles().build,
    boot: bootQuickJs,
    holds: (memoryMb: number) => ({
      cpu: "interrupts of the engine past the limit",
      memory: `the engine's own limit, ${memoryMb} MB at most`,
    }),
  };
  return createPooledEngine(kind, options);
}
