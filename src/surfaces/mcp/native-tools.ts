/**
 * Chosen tools of the catalog as MCP tools of their own: under their upstream names, with the schemas and annotations
 * that their source states.
 */
import type { Tool as NativeTool } from "@modelcontextprotocol/server";
import { matchGlob } from "../../match-glob.ts";
import type { Catalog, CatalogSource, Tool } from "../../index.ts";
import { isCodeMode } from "./is-code-mode.ts";
import { showHidden } from "../../show-hidden.ts";

export interface NativeTools {
  readonly definitions: readonly NativeTool[];
  readonly byName: ReadonlyMap<string, Tool>;
  /** Names of the sources of which anything is chosen. */
  readonly sources: ReadonlySet<string>;
}

/**
 * `chosen` are globs over `source.tool`, by path or by upstream name; `taken` are names that are given already. Sources
 * that are Code Mode servers themselves are always chosen.
 */
export function toNativeTools(
  catalog: Catalog,
  { chosen, taken }: { readonly chosen: readonly string[]; readonly taken: ReadonlySet<string> },
): NativeTools {
  const tools: Tool[] = [];
  const sources = new Set<string>();
  for (const source of catalog.sources) {
    const nested = isCodeMode(source);
    if (nested || chosen.some((glob) => matchGlob(glob.split(".")[0] ?? "", source.name)))
      sources.add(source.name);
    for (const tool of source.tools)
      if (nested || chosen.some((glob) => isChosen(glob, tool))) {
        sources.add(source.name);
        tools.push(tool);
      }
  }
  const counts = Map.groupBy(tools, ({ upstreamName }) => upstreamName);
  const byName = new Map<string, Tool>();
  for (const tool of tools) {
    const { upstreamName } = tool;
    const alone = counts.get(upstreamName)?.length === 1 && !taken.has(upstreamName);
    byName.set(alone && isToolName(upstreamName) ? upstreamName : longName(tool, byName, taken), tool);
  }
  const schemas = new Map(catalog.sources.map((source) => [source.name, source.definitions]));
  const definitions = [...byName].map(([name, tool]) =>
    toDefinition(name, tool, schemas.get(tool.source) ?? {}),
  );
  return { definitions, byName, sources };
}

function isChosen(glob: string, { path, source, upstreamName }: Tool): boolean {
  return matchGlob(glob, path) || matchGlob(glob, `${source}.${upstreamName}`);
}

/** What clients take everywhere. */
function isToolName(name: string): boolean {
  return /^[A-Za-z0-9_.-]{1,64}$/.test(name);
}

/** `source_tool`, with a number where even that is taken. */
function longName({ path }: Tool, given: ReadonlyMap<string, Tool>, taken: ReadonlySet<string>): string {
  const name = path.replaceAll(/[^A-Za-z0-9_-]/g, "_").slice(0, 60);
  let numbered = name;
  for (let count = 2; given.has(numbered) || taken.has(numbered); count += 1) numbered = `${name}_${count}`;
  return numbered;
}

function toDefinition(name: string, tool: Tool, shared: CatalogSource["definitions"]): NativeTool {
  const { raw, title, description, input, effect } = tool;
  const { inputSchema, outputSchema, annotations, icons, _meta } = toRecord(raw);
  const hints = { readOnlyHint: effect === "read", destructiveHint: effect === "destructive" };
  return {
    name,
    ...(title === undefined ? {} : { title: showHidden(title, { text: "prose" }) }),
    description: showHidden(description, { text: "prose" }),
    inputSchema: isObjectSchema(inputSchema) ? inputSchema : withDefinitions(input, shared),
    ...(isObjectSchema(outputSchema) ? { outputSchema } : {}),
    annotations: isRecord(annotations) ? annotations : hints,
    ...(Array.isArray(icons) ? { icons: icons as NonNullable<NativeTool["icons"]> } : {}),
    ...(isRecord(_meta) ? { _meta } : {}),
  };
}

/** A schema that stands alone: those that the source's tools share are put into it, as far as it names them. */
function withDefinitions(
  input: Tool["input"],
  shared: CatalogSource["definitions"],
): NativeTool["inputSchema"] {
  const schema: NativeTool["inputSchema"] = { ...toRecord(input), type: "object" };
  const needed = new Map<string, unknown>();
  const queue: unknown[] = [schema];
  while (queue.length > 0) {
    for (const [, name = ""] of JSON.stringify(queue.shift()).matchAll(/"#\/\$defs\/([^"/]+)/g))
      if (Object.hasOwn(shared, name) && !needed.has(name)) {
        needed.set(name, shared[name]);
        queue.push(shared[name]);
      }
  }
  if (needed.size === 0) return schema;
  return { ...schema, $defs: { ...Object.fromEntries(needed), ...toRecord(schema["$defs"]) } };
}

/** Whether clients expect `structuredContent` of it. */
export function statesOutput({ raw }: Tool): boolean {
  return isObjectSchema(toRecord(raw)["outputSchema"]);
}

function isObjectSchema(schema: unknown): schema is NativeTool["inputSchema"] {
  return isRecord(schema) && schema["type"] === "object";
}

function toRecord(value: unknown): { readonly [key: string]: unknown } {
  return isRecord(value) ? value : {};
}

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
