/**
 * The types of some tools of one source, named and ready to be written: what complete renderings are made of.
 */
import type { CatalogSource, Tool } from "../spec/tool.ts";
import { nameTypes, type NamedTypes } from "./name-types.ts";
import { settleTypes } from "./settle-types.ts";
import { shareProperties } from "./share-properties.ts";
import { sourceModel, type ToolTypes } from "./source-model.ts";
import { createTypeNames } from "./type-name.ts";
import { createTypeWriter, type TypeWriter } from "./type-to-text.ts";

export interface WrittenTools {
  readonly tools: readonly ToolTypes[];
  readonly types: NamedTypes;
  readonly writer: TypeWriter;
  /** The named types that the tools use, one text each. */
  readonly declarations: readonly string[];
}

export function writeTools(source: CatalogSource, chosen: readonly Tool[]): WrittenTools {
  const model = sourceModel(source);
  const tools = chosen.map((tool) => model.toolTypes(tool));
  const roots = tools.flatMap(({ input, output }) => (output === undefined ? [input] : [input, output]));
  const types = nameTypes(shareProperties(settleTypes(model.builder, roots)), createTypeNames());
  const writer = createTypeWriter(types);
  let at = 0;
  const settled = tools.map((tool) => {
    const input = types.roots[at++] ?? tool.input;
    return { ...tool, input, output: tool.output === undefined ? undefined : types.roots[at++] };
  });
  return {
    tools: settled,
    types,
    writer,
    declarations: [...types.names].map(([id, name]) => writer.declaration(id, name)),
  };
}
