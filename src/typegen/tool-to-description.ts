/**
 * Everything there is to say about one tool, for `describe`: its description as it is, its effect, and the
 * complete signature with the types it needs. Where that is too much, types are named instead of declared,
 * and then the signature is cut.
 */
import { estimateTokens } from "../estimate-tokens.ts";
import { lookalikeNote } from "../lookalike-note.ts";
import { showHidden } from "../show-hidden.ts";
import type { CatalogSource, Tool } from "../spec/tool.ts";
import { acceptsNothing } from "./accepts-nothing.ts";
import { commentText } from "./doc-comment.ts";
import { expandTypes } from "./expand-types.ts";
import { indentLines } from "./indent-lines.ts";
import { sourceModel, type ToolTypes } from "./source-model.ts";
import { toolToSignature } from "./tool-to-signature.ts";
import type { TypeBuilder } from "./schema-to-type.ts";

export interface DescriptionOptions {
  /** Tokens of the whole text; default 8000. */
  readonly tokens?: number;
}

/** An estimate of two texts together may be this much above the sum. */
const separatorTokens = 8;

export function toolToDescription(
  tool: Tool,
  source: CatalogSource,
  options: DescriptionOptions = {},
): string {
  const tokens = options.tokens ?? 8_000;
  const head = headOf(tool, tokens);
  const left = tokens - estimateTokens(head) - separatorTokens;
  const model = sourceModel(source);
  const call = completeCall(model.builder, model.toolTypes(tool), left);
  return `${head}\n\n${estimateTokens(call) <= left ? call : cutCall(tool, source, left)}`;
}

/** Path, effect, title and description; the description is cut where it would take more than two thirds. */
function headOf(tool: Tool, tokens: number): string {
  const lines = [
    `${tool.path} (${tool.effect}${tool.deprecated ? ", deprecated" : ""})${lookalikeNote(tool.path, tool.looksLike)}`,
  ];
  if (tool.title !== undefined && tool.title !== tool.description) lines.push(commentText(tool.title));
  const description = showHidden(tool.description.trim(), { text: "prose" });
  if (description !== "") lines.push(cutText(description, (tokens * 2) / 3));
  return lines.join("\n");
}

function cutText(text: string, tokens: number): string {
  const estimated = estimateTokens(text);
  if (estimated <= tokens) return text;
  return `${text.slice(0, Math.floor((text.length * tokens) / estimated))}…`;
}

function completeCall(builder: TypeBuilder, types: ToolTypes, tokens: number): string {
  const { tool, input, output, isObserved } = types;
  const asked = output === undefined ? [input] : [input, output];
  const { writer, roots, declarations, missing } = expandTypes(builder, asked, tokens);
  const args = writer.member(roots[0] ?? input);
  const comment = args.comment === "" ? "" : `${args.comment} `;
  const optional = acceptsNothing(builder, input) ? "?" : "";
  const answer = roots[1] === undefined ? "any" : writer.text(roots[1]);
  const call = `tools.${tool.path}(${comment}args${optional}: ${args.text}): Promise<${answer}>`;
  const observed = isObserved ? ["// The answer's type was observed, not stated: it may differ."] : [];
  const text = indentLines([...observed, call, ...declarations].join("\n"));
  return [text, ...missingNote(tool.source, missing)].join("\n");
}

function cutCall(tool: Tool, source: CatalogSource, tokens: number): string {
  const { signature, types } = toolToSignature(tool, source, { tokens, fill: true, cutNote: "cut to fit" });
  return [`tools.${tool.path}: ${signature}`, ...types].join("\n");
}

/** Says how to see the definitions that had no room. */
export function missingNote(source: string, missing: readonly string[]): readonly string[] {
  const [first] = missing;
  if (first === undefined) return [];
  const named = missing.slice(0, 20).join(", ");
  const more = missing.length > 20 ? `, and ${missing.length - 20} more` : "";
  return [`// Not shown: ${named}${more}. See codemode.describe("${source}.${first}").`];
}
