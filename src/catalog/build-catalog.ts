/**
 * Makes one frozen catalog of the listings of all sources: safe and unique names, the operator's overrides,
 * final effects, hashes of the raw definitions. Pure; where listings come from is the live catalog's matter.
 */
import { createHash } from "node:crypto";
import { canonicalJson } from "../schema/canonical-json.ts";
import type { Catalog, CatalogSource, SourceListing, SourceTrouble, Tool, ToolIssue } from "../spec/tool.ts";
import type { JsonSchema } from "../spec/value.ts";
import { markLookalikes } from "./mark-lookalikes.ts";
import { nameTools, type NamedTool } from "./name-tools.ts";
import { findOverride, isIncluded, renamed, type SourceOverrides } from "./source-overrides.ts";
import { toEffect } from "./to-effect.ts";
import { toIdentifier } from "./to-identifier.ts";

export interface ListedSource {
  readonly name: string;
  readonly listing: SourceListing;
  readonly overrides?: SourceOverrides;
  /** Shapes learned from real answers, by upstream name. */
  readonly observed?: ReadonlyMap<string, JsonSchema>;
}

/** Sources and tools are ordered by name, so that the same listings make the same catalog, byte for byte. */
export function buildCatalog(listed: readonly ListedSource[]): Catalog {
  return joinSources(listed.map(buildSource));
}

/** One source's part of the catalog; rebuilding it alone is enough when it alone has changed. */
export function buildSource({ name, listing, overrides = {}, observed }: ListedSource): CatalogSource {
  const identifier = toIdentifier(name);
  const included = listing.tools.filter((tool) => isIncluded(tool, overrides));
  const named = nameTools(included, (tool) => renamed(tool, overrides));
  const tools = named.tools
    .map((tool) => toTool(identifier, tool, overrides, observed?.get(tool.definition.upstreamName)))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const issues: ToolIssue[] = [...listing.issues, ...named.issues];
  return Object.freeze({
    name: identifier,
    ...(listing.title === undefined ? {} : { title: listing.title }),
    ...(listing.instructions === undefined ? {} : { instructions: listing.instructions }),
    definitions: listing.definitions ?? {},
    tools: Object.freeze(tools),
    issues: Object.freeze(issues),
  });
}

export function joinSources(
  sources: readonly CatalogSource[],
  troubles: readonly SourceTrouble[] = [],
): Catalog {
  const ordered = markLookalikes([...sources].sort((a, b) => (a.name < b.name ? -1 : 1)));
  const tools = new Map<string, Tool>();
  const version = createHash("sha256");
  for (const source of ordered) {
    version.update(`\n${source.name}\n${source.instructions ?? ""}`);
    for (const tool of source.tools) {
      tools.set(tool.path, tool);
      version.update(`\n${tool.path} ${tool.effect} ${tool.hash} ${tool.description.length}`);
    }
  }
  return Object.freeze({
    version: version.digest("hex").slice(0, 16),
    sources: Object.freeze(ordered),
    ...(troubles.length === 0 ? {} : { troubles: Object.freeze(troubles) }),
    tools,
  });
}

function toTool(
  source: string,
  { definition, segments }: NamedTool,
  overrides: SourceOverrides,
  observed: JsonSchema | undefined,
): Tool {
  return Object.freeze({
    path: `${source}.${segments.join(".")}`,
    source,
    segments,
    upstreamName: definition.upstreamName,
    ...(definition.title === undefined ? {} : { title: definition.title }),
    description: findOverride(overrides.descriptions, definition) ?? definition.description ?? "",
    input: definition.input,
    ...(definition.output === undefined ? {} : { output: definition.output }),
    ...(observed === undefined || definition.output !== undefined ? {} : { observed }),
    ...(definition.revertible === true ? { revertible: true } : {}),
    ...toEffect(definition, overrides),
    tags: definition.tags ?? [],
    deprecated: definition.deprecated ?? false,
    hash: createHash("sha256").update(canonicalJson(definition.raw)).digest("hex"),
    raw: definition.raw,
  });
}
