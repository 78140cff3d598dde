/**
 * The functions behind `codemode.state.<name>(…)`, over the state of one run.
 */
import type { Value } from "../spec/value.ts";
import { defaultStateLimits } from "../spec/workspace.ts";
import type { BuiltinCall, Builtins } from "./call-builtin.ts";
import { readStateCall } from "./read-state-call.ts";
import type { RunState } from "./run-state.ts";

export function createStateBuiltins(state: RunState): Builtins {
  const answer =
    (path: string) =>
    async ({ args }: BuiltinCall): Promise<Value> => {
      const call = readStateCall(path, args, defaultStateLimits);
      switch (call.kind) {
        case "get":
          return state.get(call.key);
        case "change":
          await state.change(call.key, call.change);
          return undefined;
        case "list":
          return (await state.list(call.prefix)).map(({ key, bytes }) => ({ key, bytes }));
      }
    };
  return new Map(
    ["state.get", "state.set", "state.delete", "state.list"].map((path) => [path, answer(path)]),
  );
}
