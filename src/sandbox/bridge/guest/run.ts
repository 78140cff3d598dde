/**
 * `codemode.run(name, input)`: asks the host whether the saved snippet may be run with this input, then runs its text,
 * which came with the program. All that it calls is numbered with the calls of the snippet that runs it.
 */
import type { Calls } from "./calls.ts";

type SavedFunction = (input: unknown) => unknown;

/** `savedNow`: the map of names and functions, once the program's modules have been evaluated. */
export function createRun(issue: Calls["issue"], savedNow: () => unknown): ReadonlyMap<string, unknown> {
  const clone = structuredClone;
  const run = async (name: unknown, input: unknown): Promise<unknown> => {
    await issue("builtin", ["run"], [name, input], run);
    const saved = savedNow();
    const program: unknown = saved instanceof Map ? saved.get(name) : undefined;
    if (!isSaved(program))
      throw new TypeError(`The saved snippet ${String(name)} did not come with the program.`);
    // What the caller holds is not the snippet's to change.
    return await program(clone(input));
  };
  return new Map([["run", run]]);
}

function isSaved(value: unknown): value is SavedFunction {
  return typeof value === "function";
}
