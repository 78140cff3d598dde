/**
 * Makes the engine that a configuration asks for.
 */
import { createQuickJsEngine } from "../../sandbox/quickjs/create-quickjs-engine.ts";
import { createWorkerdEngine } from "../../sandbox/workerd/create-workerd-engine.ts";
import type { Engine } from "../../spec/engine.ts";
import type { Limits } from "../../spec/limits.ts";
import { chooseEngine } from "./choose-engine.ts";
import type { Config } from "./config/config-schema.ts";
import { withoutUndefined } from "./without-undefined.ts";

export interface EngineSettings {
  readonly sandbox: Config["sandbox"];
  readonly limits: Partial<Limits> | undefined;
}

export function createConfiguredEngine({ sandbox = {}, limits }: EngineSettings): Engine {
  const { engine: _engine, processes, ...options } = withoutUndefined(sandbox);
  const settings = {
    ...options,
    ...(processes === undefined ? {} : { most: processes }),
    ...(limits?.memoryMb === undefined ? {} : { memoryMb: limits.memoryMb }),
  };
  return chooseEngine(sandbox).name === "quickjs"
    ? createQuickJsEngine(settings)
    : createWorkerdEngine(settings);
}
