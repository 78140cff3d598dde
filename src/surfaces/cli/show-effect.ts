/**
 * A tool's effect in the colour of its danger.
 */
import type { Effect } from "../../spec/tool.ts";
import type { Terminal } from "./terminal.ts";

const styles = { read: "green", write: "yellow", destructive: "red" } as const;

export function showEffect(effect: Effect, terminal: Terminal): string {
  return terminal.styleOut(styles[effect], effect);
}
