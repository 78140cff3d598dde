/** The complete declarations of several sources as one `.d.ts` text that compiles alone. */
import type { CatalogSource } from "../spec/tool.ts";
import { prelude } from "./prelude.ts";
import { sourceToDeclarations } from "./source-to-declarations.ts";

/** Takes a catalog, or any sources; no two may have one name. */
export function catalogToDeclarations({ sources }: { readonly sources: readonly CatalogSource[] }): string {
  return [prelude, ...sources.map((source) => sourceToDeclarations(source).text)].join("\n");
}
