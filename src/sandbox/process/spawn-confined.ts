/**
 * Starts one sandbox process as confined as this machine allows: what probing found, up to a level.
 */
import type { IsolationLevel } from "../../spec/engine.ts";
import { limitConfinement } from "./confinement.ts";
import { probeIsolation } from "./probe-isolation.ts";
import { startConfined, type ConfinedOptions, type ConfinedProcess } from "./start-confined.ts";

export interface SpawnConfinedOptions extends ConfinedOptions {
  /** The highest level to use, for tests and measurements. Default: the best the machine gives. */
  readonly level?: IsolationLevel;
}

/** Throws `sandbox_unavailable` when the program cannot be started. */
export async function spawnConfined(options: SpawnConfinedOptions): Promise<ConfinedProcess> {
  const { confinement } = await probeIsolation();
  return startConfined(options, limitConfinement(confinement, options.level ?? "jailed"));
}
