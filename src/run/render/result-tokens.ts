/**
 * The token budget that a run began with, of its record. Runs of earlier versions have none and get the default.
 */
import { defaultLimits, type Limits } from "../../spec/limits.ts";

export function resultTokens(limits: string): number {
  return (JSON.parse(limits) as Partial<Limits>).resultTokens ?? defaultLimits.resultTokens;
}
