/**
 * What a fleet can do, on a few lines for a model: every source's name first, then a phrase on each, then
 * the largest groups, as far as the budget goes. Serves server instructions and the empty query.
 */
import { lookalikeNote } from "../lookalike-note.ts";
import { estimateTokens } from "../estimate-tokens.ts";
import type { Catalog, CatalogSource } from "../spec/tool.ts";
import { countGroups } from "./count-groups.ts";
import { foldName } from "./search-index.ts";
import { modelTokens } from "./model-tokens.ts";
import { firstSentence } from "./to-one-line.ts";
import { troublesToText } from "./troubles-to-text.ts";

const defaultTokens = 400;
const phraseChars = 90;
const mostGroups = 10;
const mostNames = 4;

/** Text of at most `tokens` o200k tokens, by estimate with a margin (default 400); the same for equal catalogs. */
export function catalogToOverview(catalog: Catalog, options: { readonly tokens?: number } = {}): string {
  const missing = troublesToText(catalog);
  const sources = catalog.sources.filter((source) => source.tools.length > 0);
  if (sources.length === 0) return missing === "" ? "No source offers any tool." : missing;
  if (missing === "") return readyOverview(catalog, sources, options.tokens ?? defaultTokens);
  const tokens = Math.max(0, (options.tokens ?? defaultTokens) - estimateTokens(missing) - 2);
  return `${readyOverview(catalog, sources, tokens)}\n${missing}`;
}

function readyOverview(catalog: Catalog, sources: readonly CatalogSource[], tokens: number): string {
  const counts = `${plural(sources.length, "source")}, ${plural(catalog.tools.size, "tool")}`;
  const names = sources.map(
    (source) => `${source.name} (${source.tools.length})${lookalikeNote(source.name, source.looksLike)}`,
  );
  let left = modelTokens(tokens) - estimateTokens(counts) - 4;
  const shown = countFitting(names, left);
  if (shown < sources.length) {
    const rest = `${sources.length - shown} more: search "ab*" lists what begins with ab, plain words find tools in all.`;
    const fitted = countFitting(names, left - estimateTokens(rest) - 2);
    return `${counts}: ${names.slice(0, fitted).join(", ")}\n${rest.replace(/^\d+/, String(sources.length - fitted))}`;
  }
  // A line costs a break and a bullet beside its name.
  left -= names.reduce((sum, name) => sum + estimateTokens(name) + 2, 0);
  if (left < 0) return `${counts}: ${names.join(", ")}`;
  const lines = sources.map((source, at) => ({ source, text: `- ${names[at]}` }));
  for (const add of [addPhrase, addGroups]) {
    for (const line of lines) {
      const addition = add(line.source);
      const cost = estimateTokens(addition) + 1;
      if (addition === "" || cost > left) continue;
      line.text += addition;
      left -= cost;
    }
  }
  return [`${counts}:`, ...lines.map((line) => line.text)].join("\n");
}

/** How many of the names fit in so many tokens, separators included. */
export function countFitting(names: readonly string[], tokens: number): number {
  let left = tokens;
  for (const [at, name] of names.entries()) {
    left -= estimateTokens(name) + 1;
    if (left < 0) return at;
  }
  return names.length;
}

function addPhrase(source: CatalogSource): string {
  const phrase = sourcePhrase(source);
  return phrase === "" ? "" : `: ${phrase}`;
}

/** What the source says it is for: the first sentence of its instructions, or its title. Empty where both are only names. */
export function sourcePhrase(source: CatalogSource): string {
  const phrases = [firstProse(source.instructions ?? ""), source.title ?? ""].map((text) =>
    firstSentence(text, phraseChars),
  );
  return phrases.find((phrase) => !isOnlyName(phrase, source.name)) ?? "";
}

const generic: ReadonlySet<string> = new Set([
  "mcp",
  "server",
  "api",
  "service",
  "the",
  "fastmcp",
  "openapi",
]);

/** A package's name or "Notion API" tells nothing that the source's name does not. */
function isOnlyName(phrase: string, name: string): boolean {
  if (!/\s/.test(phrase)) return true;
  const own = foldName(name);
  const words = phrase.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.every((word) => generic.has(word) || own.includes(word));
}

/** Instructions often open with a Markdown heading that only repeats the name. */
function firstProse(instructions: string): string {
  const lines = instructions
    .slice(0, 4000)
    .split("\n")
    .map((line) => line.trim());
  const prose = lines.findIndex((line) => line !== "" && !line.startsWith("#"));
  return prose < 0 ? "" : lines.slice(prose).join(" ");
}

/** The largest groups; where there are none and nothing else is said either, some names of tools. */
function addGroups(source: CatalogSource): string {
  const groups = countGroups(source.tools);
  if (groups.length < 2) return sourcePhrase(source) === "" ? `: ${someNames(source)}` : "";
  const named = groups.slice(0, mostGroups).map((group) => `${group.name} ${group.tools}`);
  return ` [${named.join(", ")}${groups.length > mostGroups ? ", …" : ""}]`;
}

function someNames(source: CatalogSource): string {
  const names = source.tools.slice(0, mostNames).map((tool) => tool.segments.join("."));
  return `${names.join(", ")}${source.tools.length > mostNames ? ", …" : ""}`;
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
