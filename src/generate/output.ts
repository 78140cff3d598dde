/**
 * What can be made of a catalog, and the words all of it shares.
 */
import type { Catalog } from "../spec/tool.ts";

export const outputKinds = ["sdk", "skill", "tree", "cli", "schema", "openapi"] as const;
export type OutputKind = (typeof outputKinds)[number];

/** Texts by path; paths are relative, with `/`, and safe on every file system. */
export type GeneratedFiles = ReadonlyMap<string, string>;

export interface OutputOptions {
  readonly catalog: Catalog;
  /** The name of what is generated: package, skill or program. Lower case, digits and hyphens. */
  readonly name: string;
}
