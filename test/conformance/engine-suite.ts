/**
 * What every engine must do, whatever executes the code: the contract of `src/spec/engine.ts`, tested from
 * outside. An engine that passes can take the place of another; where engines may differ is a table
 * (`engine-differences.ts`, docs/engines.md).
 */
import { describe } from "vitest";
import { describeDeterminism } from "./engine-determinism.ts";
import { describeGuest } from "./engine-guest.ts";
import { describeLifecycle } from "./engine-lifecycle.ts";
import { describeLimits } from "./engine-limits.ts";
import { describeModules } from "./engine-modules.ts";
import type { EngineSubject } from "./engine-subject.ts";
import { describeValues } from "./engine-values.ts";

export function describeEngine(subject: EngineSubject): void {
  describe(`engine ${subject.name}`, () => {
    describeGuest(subject);
    describeModules(subject);
    describeValues(subject);
    describeDeterminism(subject);
    describeLimits(subject);
    describeLifecycle(subject);
  });
}
