/** Writes the tools of a source as one interface, nested as their paths are. */
import { acceptsNothing } from "./accepts-nothing.ts";
import { docComment } from "./doc-comment.ts";
import type { NamedTypes } from "./name-types.ts";
import { propertyName } from "./property-name.ts";
import type { ToolTypes } from "./source-model.ts";
import type { TypeWriter } from "./type-to-text.ts";

interface Group {
  readonly groups: Map<string, Group>;
  readonly tools: Map<string, ToolTypes[]>;
}

export function toolsToText(tools: readonly ToolTypes[], types: NamedTypes, writer: TypeWriter): string {
  const top = newGroup();
  for (const tool of tools) {
    let group = top;
    for (const segment of tool.tool.segments.slice(0, -1)) {
      const inner = group.groups.get(segment) ?? newGroup();
      group.groups.set(segment, inner);
      group = inner;
    }
    const name = tool.tool.segments.at(-1) ?? "_";
    const same = group.tools.get(name);
    if (same === undefined) group.tools.set(name, [tool]);
    else same.push(tool);
  }
  return `interface Tools ${groupText(top, types, writer)}`;
}

function newGroup(): Group {
  return { groups: new Map(), tools: new Map() };
}

function groupText(group: Group, types: NamedTypes, writer: TypeWriter): string {
  const lines: string[] = [];
  for (const [name, tools] of group.tools) {
    const inner = group.groups.get(name);
    const calls = tools.map((tool) => callText(tool, types, writer));
    for (const { comment, signature } of calls) {
      if (comment !== "") lines.push(comment);
      if (inner === undefined) lines.push(`${propertyName(name)}${signature}`);
    }
    // A tool that is also a group of tools.
    if (inner !== undefined) {
      const signatures = calls.map(({ signature }) => signature).join("; ");
      lines.push(`${propertyName(name)}: { ${signatures} } & ${groupText(inner, types, writer)}`);
    }
  }
  for (const [name, inner] of group.groups) {
    if (!group.tools.has(name)) lines.push(`${propertyName(name)}: ${groupText(inner, types, writer)}`);
  }
  return lines.length === 0 ? "{}" : `{\n${lines.join("\n")}\n}`;
}

/** The documentation of a tool, and `(args: …): Promise<…>`. */
export function callText(
  tool: ToolTypes,
  types: NamedTypes,
  writer: TypeWriter,
): { readonly comment: string; readonly signature: string } {
  const { comment, text } = writer.member(tool.input);
  const above = comment === "" ? "" : `${comment} `;
  const slots = { table: types.table, bodyOf: (slot: number) => types.recursive.get(slot) };
  const optional = acceptsNothing(slots, tool.input) ? "?" : "";
  const answer = tool.output === undefined ? "any" : writer.text(tool.output);
  return {
    comment: docComment(toolComment(tool)),
    signature: `(${above}args${optional}: ${text}): Promise<${answer}>`,
  };
}

function toolComment({ tool, isObserved }: ToolTypes): string {
  const said = [tool.description.trim() === "" ? (tool.title ?? "") : tool.description];
  if (isObserved) said.push("(answer: observed)");
  if (tool.deprecated) said.push("@deprecated");
  return said.join(" ");
}
