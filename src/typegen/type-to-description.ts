/** One of a source's named types in full, for `describe`. */
import { estimateTokens } from "../estimate-tokens.ts";
import type { CatalogSource } from "../spec/tool.ts";
import { createBriefWriter } from "./brief-writer.ts";
import { expandTypes } from "./expand-types.ts";
import { indentLines } from "./indent-lines.ts";
import type { TypeBuilder } from "./schema-to-type.ts";
import { createSlotNames } from "./slot-names.ts";
import { sourceModel } from "./source-model.ts";
import { type DescriptionOptions, missingNote } from "./tool-to-description.ts";
import { createTypeNames } from "./type-name.ts";
import type { TypeId } from "./type-table.ts";

/**
 * The declaration of the type that signatures call `name`, or of the definition of that name, with those it
 * leads to; `undefined` when the source has none. Cut, with marks, where even it alone has no room.
 */
export function typeToDescription(
  source: CatalogSource,
  name: string,
  options: DescriptionOptions = {},
): string | undefined {
  const definition = definitionName(source, name);
  if (definition === undefined) return undefined;
  const { builder } = sourceModel(source);
  const isOutput = definition === name || nameOf(definition) === name;
  const type = builder.definition(definition, isOutput ? "output" : "input");
  if (type === undefined) return undefined;
  const tokens = options.tokens ?? 8_000;
  const { declarations, missing } = expandTypes(builder, [type], tokens);
  const text = [indentLines(declarations.join("\n")), ...missingNote(source.name, missing)].join("\n");
  return declarations.length > 0 && estimateTokens(text) <= tokens
    ? text
    : cutDeclaration(builder, type, tokens);
}

/** What `typeToDescription` takes. */
export function typeNamesOf({ definitions }: CatalogSource): string[] {
  return Object.keys(definitions).map(nameOf);
}

function definitionName({ definitions }: CatalogSource, name: string): string | undefined {
  if (Object.hasOwn(definitions, name)) return name;
  const names = Object.keys(definitions);
  return names.find((each) => nameOf(each) === name) ?? names.find((each) => nameOf(`${each}Input`) === name);
}

function nameOf(definition: string): string {
  return createTypeNames().take(definition);
}

/** From much to little: levels, and optional properties of each object. */
const cuts = [
  [4, 100],
  [3, 40],
  [2, 40],
  [1, 60],
  [1, 20],
  [1, 5],
  [1, 0],
] as const;

function cutDeclaration(builder: TypeBuilder, type: TypeId, tokens: number): string {
  const node = builder.table.node(type);
  if (node.kind !== "slot") return "";
  const slotName = createSlotNames(builder, createTypeNames());
  let text = "";
  for (const [depth, width] of cuts) {
    const writer = createBriefWriter(builder, {
      depth,
      width,
      values: 12,
      comment: 0,
      parts: tokens * 2,
      slotName,
    });
    text = writer.declaration(node.slot);
    if (!writer.isFull && estimateTokens(text) <= tokens) break;
  }
  return text;
}
