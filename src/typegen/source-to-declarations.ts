/**
 * The complete rendering: a `.d.ts` text that declares every tool of one source for the checker. It adds to
 * the global `interface Tools` and keeps the source's named types in a namespace of the source's name.
 */
import { createHash } from "node:crypto";
import type { Declarations } from "../spec/check.ts";
import type { CatalogSource, Tool } from "../spec/tool.ts";
import { indentLines } from "./indent-lines.ts";
import { propertyName } from "./property-name.ts";
import { toolsToText } from "./tools-to-text.ts";
import { toNamespaceName } from "./type-name.ts";
import { writeTools } from "./write-tools.ts";

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
  const { tools, types, writer, declarations } = writeTools(source, source.tools.filter(isShallow));
  const body = [toolsToText(tools, types, writer), ...declarations].join("\n");
  const space = toNamespaceName(source.name);
  const usesInt = /\bint\b/.test(body) ? "type int = number;\n" : "";
  const head = `interface Tools { ${propertyName(source.name)}: ${space}.Tools }`;
  return indentLines(`${head}\ndeclare namespace ${space} {\n${usesInt}${body}\n}\n`);
}
