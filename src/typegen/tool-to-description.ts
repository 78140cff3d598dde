/**
 * Everything there is to say about one tool, for `describe`: its description as it is, its effect, and the
 * complete signature with the types it needs.
 */
import type { CatalogSource, Tool } from "../spec/tool.ts";
import { acceptsNothing } from "./accepts-nothing.ts";
import { commentText } from "./doc-comment.ts";
import { expandTypes } from "./expand-types.ts";
import { indentLines } from "./indent-lines.ts";
import { sourceModel } from "./source-model.ts";

export interface DescriptionOptions {
  /** Tokens for types, about; what has no room is named. Default 8000. */
  readonly tokens?: number;
}

export function toolToDescription(
  tool: Tool,
  source: CatalogSource,
  options: DescriptionOptions = {},
): string {
  const { builder, ...model } = sourceModel(source);
  const { input, output, isObserved } = model.toolTypes(tool);
  const { writer, roots, declarations, missing } = expandTypes(
    builder,
    output === undefined ? [input] : [input, output],
    options.tokens ?? 8_000,
  );
  const args = writer.member(roots[0] ?? input);
  const optional = acceptsNothing(builder, input) ? "?" : "";
  const answer = roots[1] === undefined ? "any" : writer.text(roots[1]);
  const observed = isObserved ? "// The answer's type was observed, not stated: it may differ.\n" : "";
  const comment = args.comment === "" ? "" : `${args.comment} `;
  const call = `tools.${tool.path}(${comment}args${optional}: ${args.text}): Promise<${answer}>`;
  return [
    `${tool.path} (${[tool.effect, tool.deprecated ? "deprecated" : ""].filter((word) => word !== "").join(", ")})`,
    ...(tool.title === undefined || tool.title === tool.description ? [] : [commentText(tool.title)]),
    ...(tool.description.trim() === "" ? [] : [tool.description.trim()]),
    indentLines([`\n${observed}${call}`, ...declarations].join("\n")),
    ...missingNote(source.name, missing),
  ].join("\n");
}

/** Says how to see the definitions that had no room. */
export function missingNote(source: string, missing: readonly string[]): readonly string[] {
  const [first] = missing;
  if (first === undefined) return [];
  const named = missing.slice(0, 40).join(", ");
  const more = missing.length > 40 ? `, and ${missing.length - 40} more` : "";
  return [`// Not shown: ${named}${more}. See codemode.describe("${source}.${first}").`];
}
