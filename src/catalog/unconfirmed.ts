/**
 * The error for a source that cannot be asked whether a tool is still what a person approved.
 */
import { CallError } from "../call-error.ts";
import type { Tool } from "../spec/tool.ts";

export function unconfirmed({ path, source }: Pick<Tool, "path" | "source">, reason: string): CallError {
  return new CallError(
    "source_unavailable",
    `The source "${source}" cannot be asked whether tools.${path} is still what was approved: ${reason}`,
    {
      hint: "Nothing was sent, and the approval stands. Resume the run once the source answers again.",
      outcome: "not_sent",
    },
  );
}
