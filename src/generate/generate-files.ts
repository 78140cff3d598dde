/**
 * One catalog, many outputs: the files of one of them. Pure: the same catalog and name make the same bytes.
 */
import { openapiFiles } from "./openapi-files.ts";
import type { GeneratedFiles, OutputKind, OutputOptions } from "./output.ts";
import { programFiles } from "./program-files.ts";
import { schemaFiles } from "./schema-files.ts";
import { sdkFiles } from "./sdk-files.ts";
import { skillFiles } from "./skill-files.ts";
import { treeFiles } from "./tree-files.ts";

const makers: { readonly [kind in OutputKind]: (options: OutputOptions) => GeneratedFiles } = {
  sdk: sdkFiles,
  skill: skillFiles,
  tree: treeFiles,
  cli: programFiles,
  schema: schemaFiles,
  openapi: openapiFiles,
};

export function generateFiles(kind: OutputKind, options: OutputOptions): GeneratedFiles {
  return makers[kind](options);
}
