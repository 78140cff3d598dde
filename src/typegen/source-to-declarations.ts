/**
 * The complete rendering: a `.d.ts` text that declares every tool of one source for the checker. It adds to
 * the global `interface Tools` and keeps the source's named types in a namespace of the source's name.
 */
import { createHash } from "node:crypto";
import type { Declarations } from "../spec/check.ts";
import type { CatalogSource, Tool } from "../spec/tool.ts";
import { indentLines } from "./indent-lines.ts";
import { nameTypes } from "./name-types.ts";
import { propertyName } from "./property-name.ts";
import { settleTypes } from "./settle-types.ts";
import { shareProperties } from "./share-properties.ts";
import { sourceModel } from "./source-model.ts";
import { toolsToText } from "./tools-to-text.ts";
import { createTypeNames, toNamespaceName } from "./type-name.ts";
import { createTypeWriter } from "./type-to-text.ts";

export function sourceToDeclarations(source: CatalogSource): Declarations {
  const text = sourceText(source);
  return { source: source.name, version: createHash("sha256").update(text).digest("hex").slice(0, 16), text };
}

/** Segments of a path that are declared; nobody writes a longer one, and text nested deeper could not be read. */
const maxSegments = 64;

function isShallow({ segments }: Tool): boolean {
  return segments.length <= maxSegments;
}

function sourceText(source: CatalogSource): string {
  const model = sourceModel(source);
  const tools = source.tools.filter(isShallow).map((tool) => model.toolTypes(tool));
  const roots = tools.flatMap(({ input, output }) => (output === undefined ? [input] : [input, output]));
  const shared = shareProperties(settleTypes(model.builder, roots));
  const types = nameTypes(shared, createTypeNames());
  const writer = createTypeWriter(types);
  let at = 0;
  const settled = tools.map((tool) => {
    const input = types.roots[at++] ?? tool.input;
    return { ...tool, input, output: tool.output === undefined ? undefined : types.roots[at++] };
  });
  const declarations = [...types.names].map(([id, name]) => writer.declaration(id, name));
  const body = [toolsToText(settled, types, writer), ...declarations].join("\n");
  const space = toNamespaceName(source.name);
  const usesInt = /\bint\b/.test(body) ? "type int = number;\n" : "";
  const head = `interface Tools { ${propertyName(source.name)}: ${space}.Tools }`;
  return indentLines(`${head}\ndeclare namespace ${space} {\n${usesInt}${body}\n}\n`);
}
