/**
 * What a client is told of the server before anything is called: the sources with a phrase each, within a
 * budget, and those that have not answered yet.
 */
import type { Codemode } from "../../index.ts";

/** Names of sources that have not answered yet, so that a model does not take them for absent. */
const mostNamesAwaited = 20;

export function toInstructions(codemode: Codemode): string {
  const awaited = codemode
    .sources()
    .filter(({ status, tools }) => tools === 0 && status.state !== "failed" && status.state !== "closed");
  const names = awaited.slice(0, mostNamesAwaited).map(({ name }) => name);
  return [
    "The tools of these sources are called from programs: find them with `search`, run TypeScript over them with `execute`.",
    codemode.overview(),
    ...(names.length === 0
      ? []
      : [`Starting: ${names.join(", ")}${awaited.length > names.length ? ", …" : ""}.`]),
  ].join("\n\n");
}
