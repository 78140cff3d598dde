/**
 * Reads the labelled tool-search sets and turns one into a catalog: a source per group of tools, as a fleet
 * of MCP servers would list them.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildCatalog } from "../../src/catalog/build-catalog.ts";
import type { Catalog, SourceListing, ToolDefinition } from "../../src/spec/tool.ts";
import type { JsonSchema } from "../../src/spec/value.ts";

export interface SetTool {
  readonly name: string;
  readonly group: string;
  readonly description: string;
  readonly inputSchema: JsonSchema;
  readonly outputSchema?: JsonSchema;
}

export interface SetQuery {
  readonly id: string;
  readonly query: string;
  readonly relevant: readonly string[];
}

export interface LabelledSet {
  readonly name: string;
  readonly tools: readonly SetTool[];
  readonly queries: readonly SetQuery[];
}

export const setNames = ["livemcpbench", "stabletoolbench", "seal-tools", "metatool"] as const;

/** The folder with `retrieval/`, `openapi/` and `mcp-tools/`; from the environment, so that no path is built in. */
export function dataFolder(): string {
  const folder = process.env["CODEMODE_DATA"];
  if (folder === undefined || !existsSync(folder)) {
    throw new Error("Set CODEMODE_DATA to the folder that holds retrieval/, openapi/ and mcp-tools/.");
  }
  return folder;
}

export function loadSet(name: string): LabelledSet {
  const text = readFileSync(join(dataFolder(), "retrieval", `${name}.json`), "utf8");
  const set = JSON.parse(text) as Omit<LabelledSet, "name">;
  return { name, tools: set.tools, queries: set.queries };
}

/** `grouped`: a source per group of the set. `single`: all tools in one source, groups unknown. */
export function setToCatalog(set: LabelledSet, layout: "grouped" | "single"): Catalog {
  const groups = new Map<string, ToolDefinition[]>();
  for (const tool of set.tools) {
    const group = layout === "single" || tool.group === "" ? "tools" : tool.group;
    const tools = groups.get(group) ?? [];
    tools.push(toDefinition(tool));
    groups.set(group, tools);
  }
  return buildCatalog(
    [...groups].map(([name, tools]) => ({ name, listing: { tools, issues: [] } satisfies SourceListing })),
  );
}

function toDefinition(tool: SetTool): ToolDefinition {
  return {
    upstreamName: tool.name,
    name: [tool.name],
    description: tool.description,
    input: tool.inputSchema,
    ...(tool.outputSchema === undefined ? {} : { output: tool.outputSchema }),
    raw: tool,
  };
}
