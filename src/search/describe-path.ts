/**
 * Everything there is to say about one path, as text for a model: a source, a group, a tool, or a named
 * type. Types are rendered by the functions given; this decides what the path names and what is shown.
 */
import { CodemodeError } from "../errors.ts";
import { estimateTokens } from "../estimate-tokens.ts";
import { lookalikeNote } from "../lookalike-note.ts";
import { nearest } from "../nearest.ts";
import type { Catalog, CatalogSource, Tool } from "../spec/tool.ts";
import { catalogToOverview, countFitting, plural, sourcePhrase } from "./catalog-to-overview.ts";
import { countGroups } from "./count-groups.ts";
import { firstSentence, toOneLine } from "./to-one-line.ts";
import { troublesToText } from "./troubles-to-text.ts";

export interface DescribeOptions {
  /** Full text on a tool, types included. Default: its line and description, without types. */
  readonly tool?: (tool: Tool, source: CatalogSource, options: { readonly tokens: number }) => string;
  /** The declaration of a source's named type; `undefined` when it has none of that name. */
  readonly type?: (
    source: CatalogSource,
    name: string,
    options: { readonly tokens: number },
  ) => string | undefined;
  /** The names of a source's types, for those that are near a wrong one. */
  readonly typeNames?: (source: CatalogSource) => readonly string[];
  /** Estimated o200k tokens of the answer. Default 2,000. */
  readonly tokens?: number;
}

const defaultTokens = 2000;
const instructionChars = 1500;

/**
 * `path` is `github`, `github.repos`, `github.repos.get`, or the name of a type (`Issue`, `github.Issue`);
 * a leading `tools.` is ignored, and the empty path describes the whole fleet. Throws `tool_not_found`.
 */
export function describePath(catalog: Catalog, path: string, options: DescribeOptions = {}): string {
  if (typeof path !== "string" || path.length > 1000)
    throw notFound(catalog, typeof path === "string" ? path.slice(0, 100) : typeof path, options);
  const tokens = options.tokens ?? defaultTokens;
  const wanted = path
    .trim()
    .replace(/^tools\.?/, "")
    .replace(/(?:\.\*|\(\))$/, "");
  if (wanted === "") return catalogToOverview(catalog, { tokens });
  const tool = catalog.tools.get(wanted);
  const [sourceName = "", ...segments] = wanted.split(".");
  const source = catalog.sources.find((each) => each.name === sourceName);
  if (tool !== undefined && source !== undefined) return describeTool(tool, source, { ...options, tokens });
  if (source !== undefined && segments.length === 0) return describeSource(source, tokens);
  if (source !== undefined) {
    const group = source.tools.filter((each) => isBelow(each, segments));
    if (group.length > 0) return describeGroup(wanted, group, segments.length, tokens);
  }
  const trouble = source === undefined ? troublesToText(catalog, sourceName) : "";
  if (trouble !== "")
    throw new CodemodeError("source_unavailable", trouble, {
      hint: "Do without it, or tell the user what it says.",
    });
  const declared = describeType(catalog, source, segments.at(-1) ?? wanted, { ...options, tokens });
  if (declared !== undefined) return declared;
  throw notFound(catalog, wanted, options);
}

function isBelow(tool: Tool, segments: readonly string[]): boolean {
  return (
    tool.segments.length > segments.length && segments.every((segment, at) => tool.segments[at] === segment)
  );
}

function describeTool(
  tool: Tool,
  source: CatalogSource,
  options: DescribeOptions & { readonly tokens: number },
): string {
  if (options.tool !== undefined) return options.tool(tool, source, { tokens: options.tokens });
  const note = lookalikeNote(tool.path, tool.looksLike);
  const lines = [
    `tools.${tool.path} [${tool.effect}]${note}`,
    toOneLine(tool.description, options.tokens * 3),
  ];
  return lines.filter((line) => line !== "").join("\n");
}

function describeSource(source: CatalogSource, tokens: number): string {
  const phrase = sourcePhrase(source);
  const head = [
    `${source.name}: ${phrase === "" ? "" : `${phrase} `}(${plural(source.tools.length, "tool")})`.replace(
      ": (",
      " (",
    ),
  ];
  if (source.looksLike !== undefined)
    head.push(`${source.name}${lookalikeNote(source.name, source.looksLike)}`);
  const instructions = toOneLine(source.instructions ?? "", instructionChars);
  if (instructions !== "" && !phrase.startsWith(instructions)) head.push(`The source says: ${instructions}`);
  const groups = countGroups(source.tools);
  if (groups.length > 1) {
    const named = groups.slice(0, 40).map((group) => `${group.name} (${group.tools})`);
    head.push(`Groups: ${named.join(", ")}${groups.length > 40 ? ", …" : ""}`);
  }
  return listTools(head.join("\n"), source.tools, { prefix: source.name, tokens });
}

function describeGroup(path: string, tools: readonly Tool[], depth: number, tokens: number): string {
  const groups = countGroups(tools, depth).map((group) => `${group.name} (${group.tools})`);
  const head = `${path} (${plural(tools.length, "tool")})${groups.length > 1 ? `\nGroups: ${groups.slice(0, 40).join(", ")}` : ""}`;
  return listTools(head, tools, { prefix: path, tokens });
}

/** One line each while all fit, then bare names, then as many names as fit. */
function listTools(
  head: string,
  tools: readonly Tool[],
  { prefix, tokens }: { readonly prefix: string; readonly tokens: number },
): string {
  const left = tokens - estimateTokens(head) - 30;
  const lines = tools.map((tool) => {
    const text = firstSentence(tool.description === "" ? (tool.title ?? "") : tool.description, 100);
    const note = lookalikeNote(tool.path, tool.looksLike);
    return `- tools.${tool.path} [${tool.effect}]${note}${text === "" ? "" : ` — ${text}`}`;
  });
  if (estimateTokens(lines.join("\n")) + lines.length <= left) return [head, ...lines].join("\n");
  const names = tools.map((tool) => tool.path.slice(prefix.length + 1));
  const shown = names.slice(0, countFitting(names, left));
  const rest = names.length - shown.length;
  const more =
    rest === 0
      ? ""
      : `\n${rest} more: search "${prefix}.a*", or plain words with source "${prefix.split(".")[0]}".`;
  return `${head}\nBelow tools.${prefix}: ${shown.join(", ")}${more}`;
}

function describeType(
  catalog: Catalog,
  source: CatalogSource | undefined,
  name: string,
  options: DescribeOptions & { readonly tokens: number },
): string | undefined {
  const sources = source === undefined ? catalog.sources : [source];
  for (const each of sources) {
    const text = options.type?.(each, name, { tokens: options.tokens });
    if (text !== undefined) return `// ${each.name}\n${text}`;
  }
  return undefined;
}

function notFound(catalog: Catalog, path: string, options: DescribeOptions): CodemodeError {
  const near = [...nearestTypes(catalog, path, options), ...nearestPaths(catalog, path)].slice(0, 3);
  return new CodemodeError(
    "tool_not_found",
    `Nothing in the catalog has the path "${toOneLine(path, 100)}".`,
    {
      hint:
        near.length > 0
          ? `Did you mean ${near.join(", ")}?`
          : "Search with a few words, or with an empty query for an overview.",
      data: { nearest: near },
    },
  );
}

/** Types begin with a capital, tools hardly ever. */
function nearestTypes(catalog: Catalog, path: string, { typeNames }: DescribeOptions): string[] {
  const wanted = path.split(".").at(-1) ?? "";
  if (typeNames === undefined || !/^[A-Z]/.test(wanted)) return [];
  const named = new Map<string, string>();
  for (const source of catalog.sources) {
    for (const name of typeNames(source)) if (!named.has(name)) named.set(name, `${source.name}.${name}`);
  }
  return nearest(wanted, named.keys()).map((name) => named.get(name) ?? name);
}

/** By whole path first; then by the last segment, since a right name under a wrong source is a likely mistake. */
export function nearestPaths(catalog: Catalog, path: string): string[] {
  const byName = new Map<string, string>();
  for (const tool of catalog.tools.values()) {
    const name = tool.segments.at(-1) ?? tool.path;
    if (!byName.has(name)) byName.set(name, tool.path);
  }
  const whole = nearest(path, [...catalog.sources.map((source) => source.name), ...catalog.tools.keys()]);
  const named = nearest(path.split(".").at(-1) ?? "", byName.keys()).map((name) => byName.get(name) ?? name);
  return [...new Set([...whole, ...named])].slice(0, 3);
}
