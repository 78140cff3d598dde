/** One of a source's named types in full, for `describe`. */
import type { CatalogSource } from "../spec/tool.ts";
import { expandTypes } from "./expand-types.ts";
import { indentLines } from "./indent-lines.ts";
import { sourceModel } from "./source-model.ts";
import { type DescriptionOptions, missingNote } from "./tool-to-description.ts";
import { toTypeName } from "./type-name.ts";

/**
 * The declaration of the type that signatures call `name`, or of the definition of that name, with those it
 * leads to; `undefined` when the source has none.
 */
export function typeToDescription(
  source: CatalogSource,
  name: string,
  options: DescriptionOptions = {},
): string | undefined {
  const definition = definitionName(source, name);
  if (definition === undefined) return undefined;
  const { builder } = sourceModel(source);
  const direction = toTypeName(definition) === name || definition === name ? "output" : "input";
  const type = builder.definition(definition, direction);
  if (type === undefined) return undefined;
  const { declarations, missing } = expandTypes(builder, [type], options.tokens ?? 8_000);
  return [indentLines(declarations.join("\n")), ...missingNote(source.name, missing)].join("\n");
}

/** The source's named types, as signatures call them. */
export function typeNames(source: CatalogSource): readonly string[] {
  return [...new Set(Object.keys(source.definitions).map(toTypeName))];
}

function definitionName({ definitions }: CatalogSource, name: string): string | undefined {
  if (Object.hasOwn(definitions, name)) return name;
  const names = Object.keys(definitions);
  return (
    names.find((each) => toTypeName(each) === name) ??
    names.find((each) => toTypeName(`${each}Input`) === name)
  );
}
