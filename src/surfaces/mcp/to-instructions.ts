/**
 * What a client is told of the server before anything is called: the sources with a phrase each, within a
 * budget, and those that are starting or down.
 */
import type { Codemode } from "../../index.ts";

export function toInstructions(codemode: Codemode): string {
  return [
    "The tools of these sources are called from programs: find them with `search`, run TypeScript over them with `execute`.",
    codemode.overview(),
  ].join("\n\n");
}
