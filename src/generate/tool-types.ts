/**
 * The declarations of a catalog as a module: `Tools` and the namespaces of the sources, exported rather than
 * global, so that two catalogs can be used side by side.
 */
import type { CatalogSource } from "../spec/tool.ts";
import { sourceToDeclarations } from "../typegen/source-to-declarations.ts";

export function toolTypes(sources: readonly CatalogSource[]): string {
  const texts = sources.map((source) => sourceToDeclarations(source).text);
  const spaces = texts.flatMap((text) => /^declare namespace (\S+) \{$/m.exec(text)?.[1] ?? []);
  const exported = ["Tools", ...new Set(spaces)].join(", ");
  return [
    "/** Every tool of the catalog: `tools.<source>.<name>(args)`. */",
    "interface Tools {}",
    ...texts.map((text) => text.trimEnd()),
    `export type { ${exported} };`,
    "",
  ].join("\n");
}
