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

export function createWorkerdEngine(options: WorkerdEngineOptions = {}): Engine {
  const kind = {
    name: "workerd",
    build: () => findWorkerdBinary().build,
    boot: (settings: BootSettings) => bootWorkerd({ binary: findWorkerdBinary(), ...settings }),
    holds: (memoryMb: number) => ({ memory: `heap cap of ${memoryMb} MB` }),
  };
  return createPooledEngine(kind, options);
}
