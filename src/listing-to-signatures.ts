/**
 * One listing as TypeScript for a model, under a namespace of its own: for surfaces that show tools without a
 * catalog around them.
 */
import { buildSource } from "./catalog/build-catalog.ts";
import type { SourceListing } from "./spec/tool.ts";
import { toolToSignature } from "./typegen/tool-to-signature.ts";

/** Each tool is worth about this many tokens, types included. */
const tokensPerTool = 800;

/** `declare const <name>: { … };`, after the named types it uses. */
export function listingToSignatures(name: string, listing: SourceListing): string {
  const source = buildSource({ name, listing });
  const types = new Set<string>();
  const members: string[] = [];
  for (const tool of source.tools) {
    const rendered = toolToSignature(tool, source, { tokens: tokensPerTool, fill: true });
    for (const type of rendered.types) types.add(type);
    const description = (tool.description === "" ? (tool.title ?? "") : tool.description)
      .replaceAll(/\s+/gu, " ")
      .replaceAll("*/", "*\\/")
      .trim();
    if (description !== "") members.push(`  /** ${description} */`);
    members.push(`  ${tool.segments.join(".")}: ${rendered.signature};`);
  }
  return [...types, `declare const ${source.name}: {`, ...members, "};"].join("\n");
}
