/** A catalog of any size from real tools: the recorded MCP servers and the labelled sets, copied under new names. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildCatalog, type ListedSource } from "../../src/catalog/build-catalog.ts";
import type { Catalog, ToolDefinition } from "../../src/spec/tool.ts";
import type { JsonSchema } from "../../src/spec/value.ts";
import { dataFolder, loadSet, setNames } from "./load-sets.ts";

interface RecordedTool {
  readonly name: string;
  readonly description?: string;
  readonly inputSchema: JsonSchema;
  readonly outputSchema?: JsonSchema;
}

/** The recorded servers as sources; what their tools say, unchanged. */
export function recordedServers(): ListedSource[] {
  const folder = join(dataFolder(), "mcp-tools");
  return readdirSync(folder).map((file) => {
    const recorded = JSON.parse(readFileSync(join(folder, file), "utf8")) as {
      readonly tools: readonly RecordedTool[];
      readonly instructions?: string;
    };
    const listing = { tools: recorded.tools.map(toDefinition), issues: [] };
    const { instructions } = recorded;
    return {
      name: file.replace(".json", ""),
      listing: instructions === undefined ? listing : { ...listing, instructions },
    };
  });
}

/** `size` tools in sources of 100. */
export function growCatalog(size: number): Catalog {
  const real = [
    ...recordedServers().flatMap((source) => source.listing.tools),
    ...setNames.flatMap((name) => loadSet(name).tools.map(toDefinition)),
  ];
  const listed: ListedSource[] = [];
  for (let from = 0; from < size; from += 100) {
    const tools = Array.from({ length: Math.min(100, size - from) }, (_, at) => copy(real, from + at));
    listed.push({ name: `source${listed.length}`, listing: { tools, issues: [] } });
  }
  return buildCatalog(listed);
}

function copy(real: readonly ToolDefinition[], at: number): ToolDefinition {
  const tool = real[at % real.length];
  if (tool === undefined) throw new Error("There are no tools to copy.");
  const round = Math.floor(at / real.length);
  const upstreamName = round === 0 ? `${at}/${tool.upstreamName}` : `${at}/${tool.upstreamName}${round}`;
  return { ...tool, upstreamName };
}

function toDefinition(tool: RecordedTool): ToolDefinition {
  return {
    upstreamName: tool.name,
    name: [tool.name],
    ...(tool.description === undefined ? {} : { description: tool.description }),
    input: tool.inputSchema,
    ...(tool.outputSchema === undefined ? {} : { output: tool.outputSchema }),
    raw: tool,
  };
}
