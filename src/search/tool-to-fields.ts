/**
 * Takes a tool apart into the texts that search looks at, one per field. Reads schemas only so deep and so
 * wide that a hostile one costs no more than any other; ranks nothing.
 */
import { isSchema, resolveRef, type SchemaScope } from "../schema/resolve-ref.ts";
import type { CatalogSource, Tool } from "../spec/tool.ts";
import { firstSentence } from "./to-one-line.ts";
import type { JsonSchema } from "../spec/value.ts";

/** In the order of their numbers in the index. */
export const searchFields = [
  "name",
  "title",
  "description",
  "parameters",
  "details",
  "tags",
  "output",
  "source",
  "about",
] as const;
export type SearchField = (typeof searchFields)[number];
/** What every tool of a source shares. */
export type SourceField = "source" | "about";
export type ToolField = Exclude<SearchField, SourceField>;

const longestDescription = 4000;
const longestDetail = 300;
const longestAbout = 400;
const mostHeadlineWords = 8;
const longestHeadline = 200;
const mostProperties = 200;
const deepest = 3;

export function sourceToFields(source: CatalogSource): { readonly [field in SourceField]: string } {
  return {
    source: source.name,
    about: `${source.title ?? ""} ${source.instructions ?? ""}`.slice(0, longestAbout),
  };
}

export function toolToFields(tool: Tool, source: CatalogSource): { readonly [field in ToolField]: string } {
  const input = readSchema(tool.input, source, true);
  const output = readSchema(tool.output ?? tool.observed ?? false, source, false);
  const name = tool.segments.join(" ");
  return {
    name: squash(tool.upstreamName) === squash(name) ? name : `${name} ${ownPart(tool, name)}`,
    title: headline(tool),
    description: tool.description.slice(0, longestDescription),
    parameters: input.names.join(" "),
    details: input.details.join(" "),
    tags: tool.tags.slice(0, 20).join(" ").slice(0, longestDetail),
    output: output.names.join(" "),
  };
}

/** What a tool is called in words: its title, or a description that opens with a short sentence. */
function headline(tool: Tool): string {
  if (tool.title !== undefined && tool.title !== "") return tool.title.slice(0, longestDetail);
  const sentence = firstSentence(tool.description.slice(0, longestHeadline), longestHeadline);
  return sentence.split(" ").length <= mostHeadlineWords ? sentence : "";
}

/** Words of the upstream's name that the safe name does not have; not a second copy of the same ones. */
function ownPart(tool: Tool, name: string): string {
  const known = new Set(name.toLowerCase().match(/[\p{L}\p{N}]+/gu));
  const words = tool.upstreamName.slice(0, longestDetail).match(/[\p{L}\p{N}]+/gu) ?? [];
  return words
    .filter((word) => !known.has(word.toLowerCase()) && !squash(name).includes(squash(word)))
    .join(" ");
}

function squash(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");
}

interface SchemaWords {
  readonly names: string[];
  /** Descriptions of parameters and enum values. */
  readonly details: string[];
}

function readSchema(schema: JsonSchema, source: CatalogSource, withDetails: boolean): SchemaWords {
  const words: SchemaWords = { names: [], details: [] };
  const scope: SchemaScope = { root: schema, definitions: source.definitions };
  walk(schema, scope, { words, withDetails, depth: 0, left: { properties: mostProperties } });
  return words;
}

interface Walk {
  readonly words: SchemaWords;
  readonly withDetails: boolean;
  readonly depth: number;
  readonly left: { properties: number };
}

function walk(schema: JsonSchema, scope: SchemaScope, at: Walk): void {
  if (typeof schema === "boolean" || at.depth > deepest || at.left.properties <= 0) return;
  at.left.properties--;
  if (typeof schema["$ref"] === "string") {
    const target = resolveRef(schema["$ref"], scope);
    if (target !== undefined) walk(target.schema, target.scope, { ...at, depth: at.depth + 1 });
  }
  if (at.withDetails && Array.isArray(schema["enum"])) {
    const values = schema["enum"].filter((value) => typeof value === "string");
    at.words.details.push(values.slice(0, 40).join(" ").slice(0, longestDetail));
  }
  for (const keyword of ["allOf", "oneOf", "anyOf"]) {
    const branches = schema[keyword];
    if (!Array.isArray(branches)) continue;
    for (const branch of branches.slice(0, 8))
      if (isSchema(branch)) walk(branch, scope, { ...at, depth: at.depth + 1 });
  }
  if (isSchema(schema["items"])) walk(schema["items"], scope, { ...at, depth: at.depth + 1 });
  walkProperties(schema["properties"], scope, at);
}

function walkProperties(properties: unknown, scope: SchemaScope, at: Walk): void {
  if (typeof properties !== "object" || properties === null) return;
  for (const [name, property] of Object.entries(properties)) {
    if (at.left.properties <= 0) return;
    at.words.names.push(name.slice(0, 100));
    if (!isSchema(property) || typeof property === "boolean") continue;
    const description = property["description"];
    if (at.withDetails && typeof description === "string")
      at.words.details.push(description.slice(0, longestDetail));
    walk(property, scope, { ...at, depth: at.depth + 1 });
  }
}
