/**
 * Gives every tool of one source a path of identifiers that no other tool has and that is no other tool's
 * group. The outcome depends on the set of names only, never on their order.
 */
import { createHash } from "node:crypto";
import type { ToolDefinition, ToolIssue } from "../spec/tool.ts";
import { toIdentifier } from "./to-identifier.ts";

export interface NamedTool {
  readonly definition: ToolDefinition;
  readonly segments: readonly string[];
}

export interface NamedTools {
  readonly tools: readonly NamedTool[];
  readonly issues: readonly ToolIssue[];
}

/** `nameOf` gives the wished-for segments; a second tool with the same upstream name is left out. */
export function nameTools(
  definitions: readonly ToolDefinition[],
  nameOf: (tool: ToolDefinition) => readonly string[],
): NamedTools {
  const issues: ToolIssue[] = [];
  const wished = new Map<
    string,
    { definition: ToolDefinition; segments: readonly string[]; exact: boolean }[]
  >();
  const seen = new Set<string>();
  for (const definition of definitions) {
    if (seen.has(definition.upstreamName)) {
      issues.push({
        upstreamName: definition.upstreamName,
        kind: "left_out",
        reason: "A tool of this name came before it.",
      });
      continue;
    }
    seen.add(definition.upstreamName);
    const name = nameOf(definition);
    const segments = name.length === 0 ? ["_"] : name.map(toIdentifier);
    const key = segments.join(".");
    const entry = { definition, segments, exact: name.join(".") === key };
    const group = wished.get(key);
    if (group === undefined) wished.set(key, [entry]);
    else group.push(entry);
  }
  const groups = toGroups(wished.keys());
  const tools: NamedTool[] = [];
  const taken = new Set<string>();
  for (const [key, entries] of wished) {
    const exact = entries.filter((entry) => entry.exact);
    for (const entry of entries) {
      const keeps = !groups.has(key) && (entries.length === 1 || (exact.length === 1 && entry.exact));
      const segments = keeps ? entry.segments : withSuffix(entry.segments, entry.definition.upstreamName);
      const path = segments.join(".");
      if (taken.has(path) || (!keeps && wished.has(path))) {
        issues.push({
          upstreamName: entry.definition.upstreamName,
          kind: "left_out",
          reason: `Another tool is called "${path}".`,
        });
        continue;
      }
      taken.add(path);
      tools.push({ definition: entry.definition, segments });
      if (!keeps) issues.push(renamedIssue(entry.definition.upstreamName, key, segments, groups.has(key)));
    }
  }
  return { tools, issues };
}

/** Every proper prefix of a path: a tool there could not also be a group. */
function toGroups(keys: Iterable<string>): ReadonlySet<string> {
  const groups = new Set<string>();
  for (const key of keys) {
    for (let dot = key.indexOf("."); dot !== -1; dot = key.indexOf(".", dot + 1))
      groups.add(key.slice(0, dot));
  }
  return groups;
}

function withSuffix(segments: readonly string[], upstreamName: string): readonly string[] {
  const suffix = createHash("sha256").update(upstreamName).digest("hex").slice(0, 6);
  return [...segments.slice(0, -1), `${segments.at(-1) ?? ""}_${suffix}`];
}

function renamedIssue(
  upstreamName: string,
  key: string,
  segments: readonly string[],
  isGroup: boolean,
): ToolIssue {
  const why = isGroup ? `"${key}" is also a group of tools` : `several tools would be called "${key}"`;
  return { upstreamName, kind: "renamed", reason: `Called ${segments.join(".")}, since ${why}.` };
}
