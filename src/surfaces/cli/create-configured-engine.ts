/**
 * Makes the engine that a configuration asks for.
 */
import { createWorkerdEngine } from "../../sandbox/workerd/create-workerd-engine.ts";
import type { Engine } from "../../spec/engine.ts";
import type { Limits } from "../../spec/limits.ts";
import type { Config } from "./config/config-schema.ts";

export function createConfiguredEngine(
  _sandbox: Config["sandbox"],
  limits: Partial<Limits> | undefined,
): Engine {
  return createWorkerdEngine(limits?.memoryMb === undefined ? {} : { memoryMb: limits.memoryMb });
}
