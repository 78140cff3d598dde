/**
 * Makes the engine that a configuration asks for.
 */
import { createWorkerdEngine } from "../../sandbox/workerd/create-workerd-engine.ts";
import type { Engine } from "../../spec/engine.ts";
import type { Limits } from "../../spec/limits.ts";
import type { Config } from "./config/config-schema.ts";
import { withoutUndefined } from "./without-undefined.ts";

export interface EngineChoice {
  readonly sandbox: Config["sandbox"];
  readonly limits: Partial<Limits> | undefined;
}

export function createConfiguredEngine({ sandbox = {}, limits }: EngineChoice): Engine {
  const { engine: _engine, processes, ...options } = withoutUndefined(sandbox);
  return createWorkerdEngine({
    ...options,
    ...(processes === undefined ? {} : { most: processes }),
    ...(limits?.memoryMb === undefined ? {} : { memoryMb: limits.memoryMb }),
  });
}
