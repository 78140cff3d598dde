/**
 * Which definition of a tool a call is judged by. What was kept from an earlier start is asked for anew before it decides
 * anything; what a person approved is compared with what the source says at the moment the call would be sent.
 */
import { CallError } from "../../call-error.ts";
import type { ConfirmOptions, Tool } from "../../spec/tool.ts";
import { toGrantDefinition } from "../to-grant.ts";

export interface DefinitionContext {
  readonly confirm: (tool: Tool, options: ConfirmOptions) => Promise<Tool | undefined>;
  readonly limits: { readonly callMs: number };
  readonly signal: AbortSignal;
}

/** The tool, or what has become of it since it was kept. Throws `tool_not_found`. */
export async function settleKept(tool: Tool, context: DefinitionContext): Promise<Tool> {
  const present = await presentTool(tool, "kept", context);
  if (present !== undefined) return present;
  throw new CallError("tool_not_found", `The source "${tool.source}" has no tools.${tool.path} any more.`, {
    outcome: "not_sent",
    hint: 'Find what there is now with the search tool or codemode.search("…").',
  });
}

/** The tool as its source has it now. Throws `definition_changed` where it has none, `source_unavailable` where nobody knows. */
export async function confirmApproved(tool: Tool, context: DefinitionContext): Promise<Tool> {
  const present = await presentTool(tool, "always", context);
  if (present !== undefined) return present;
  throw new CallError(
    "definition_changed",
    `tools.${tool.path} was approved, and its source has no such tool any more. Nothing was sent.`,
    { hint: "Do without this call, and tell the user what is left undone.", outcome: "not_sent" },
  );
}

async function presentTool(
  tool: Tool,
  when: ConfirmOptions["when"],
  { confirm, signal, limits }: DefinitionContext,
): Promise<Tool | undefined> {
  const present = await confirm(tool, { when, signal, timeoutMs: limits.callMs });
  // A tool of the run's own, such as one that undoes a call, has the definition of another; it stays itself.
  if (present === undefined || toGrantDefinition(present) === toGrantDefinition(tool)) return present && tool;
  return present.upstreamName === tool.upstreamName ? present : undefined;
}

/** What differs from what was approved, in one sentence for a person. */
export function describeChange(
  approved: string | undefined,
  { before, now }: { readonly before: Tool; readonly now: Tool },
): string {
  const [effect] = approved?.split(" ") ?? [];
  const known = approved === toGrantDefinition(before) ? partsOf(before, now) : [];
  const changes = [
    ...(effect === undefined || effect === now.effect
      ? []
      : [`it was a ${effect} call and is ${now.effect} now`]),
    ...known,
  ];
  const what = changes.length === 0 ? "its definition is another" : changes.join(", ");
  return `The source has changed tools.${now.path} since it was approved: ${what}. Nothing was sent.`;
}

function partsOf(before: Tool, now: Tool): string[] {
  const differs = (a: unknown, b: unknown): boolean => JSON.stringify(a) !== JSON.stringify(b);
  return [
    ...(before.description === now.description && before.title === now.title
      ? []
      : ["its description has changed"]),
    ...(differs(before.input, now.input) ? ["its arguments have changed"] : []),
    ...(differs(before.output, now.output) ? ["its answer has changed"] : []),
  ];
}
