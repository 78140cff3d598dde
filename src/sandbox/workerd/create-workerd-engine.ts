/**
 * The workerd engine: processes of workerd, and for each run a fresh isolate in one of them.
 */
import type { Engine } from "../../spec/engine.ts";
import {
  createPooledEngine,
  type BootSettings,
  type PooledEngineOptions,
} from "../session/create-pooled-engine.ts";
import { bootWorkerd } from "./boot-workerd.ts";
import { findWorkerdBinary } from "./workerd-binary.ts";

export type WorkerdEngineOptions = PooledEngineOptions;

/** Each program in a fresh V8 isolate of workerd, in a hardened child process. Starts nothing before the first run or `ready`. */
export function createWorkerdEngine(options: WorkerdEngineOptions = {}): Engine {
  const kind = {
    name: "workerd",
    build: () => findWorkerdBinary().build,
    boot: (settings: BootSettings) => bootWorkerd({ binary: findWorkerdBinary(), ...settings }),
    holds: (memoryMb: number) => ({ memory: `heap cap of ${memoryMb} MB` }),
  };
  return createPooledEngine(kind, options);
}
