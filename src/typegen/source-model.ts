/**
 * The types of one source's tools: what every rendering starts from. Kept per source, since definitions are
 * shared by its tools and read only once.
 */
import type { CatalogSource, Tool } from "../spec/tool.ts";
import { createTypeBuilder, type TypeBuilder } from "./schema-to-type.ts";
import type { TypeId } from "./type-table.ts";

export interface ToolTypes {
  readonly tool: Tool;
  readonly input: TypeId;
  /** `undefined` when nothing is known of the answer. */
  readonly output: TypeId | undefined;
  /** The output is a shape learned from answers. */
  readonly isObserved: boolean;
}

export interface SourceModel {
  readonly builder: TypeBuilder;
  toolTypes(tool: Tool): ToolTypes;
}

const models = new WeakMap<CatalogSource, SourceModel>();

export function sourceModel(source: CatalogSource): SourceModel {
  const known = models.get(source);
  if (known !== undefined) return known;
  const builder = createTypeBuilder(source.definitions);
  const model: SourceModel = {
    builder,
    toolTypes(tool) {
      const name = tool.segments.at(-1) ?? tool.upstreamName;
      const answer = tool.output ?? tool.observed;
      return {
        tool,
        input: builder.build(tool.input, "input", `${name}Input`),
        output: answer === undefined ? undefined : builder.build(answer, "output", `${name}Output`),
        isObserved: tool.output === undefined && tool.observed !== undefined,
      };
    },
  };
  models.set(source, model);
  return model;
}
