/**
 * The OpenAPI documents as catalogs of their own, and known-item queries on them: the summary of every tenth
 * operation, whose answer is that operation.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { buildCatalog } from "../../src/catalog/build-catalog.ts";
import { createOpenApiSource } from "../../src/connectors/openapi/create-openapi-source.ts";
import type { Catalog, Tool } from "../../src/spec/tool.ts";
import { dataFolder, type LabelledSet, type SetTool } from "./load-sets.ts";

const every = 10;

export interface DocumentSet {
  readonly catalog: Catalog;
  readonly set: LabelledSet;
}

/** All documents in one fleet, as a user would have them. */
export async function loadDocuments(): Promise<DocumentSet> {
  const listed = [];
  for (const file of readdirSync(join(dataFolder(), "openapi"))) {
    const name = file.replace(/(-swagger2)?\.json$/, "");
    const source = createOpenApiSource(name, { spec: join(dataFolder(), "openapi", file) });
    listed.push({ name, listing: await source.list({ signal: AbortSignal.timeout(120_000) }) });
    await source[Symbol.asyncDispose]();
  }
  const catalog = buildCatalog(listed);
  const tools = [...catalog.tools.values()];
  const queries = tools
    .filter((_, at) => at % every === 0)
    .flatMap((tool) => {
      const query = summaryOf(tool);
      // A summary that several operations share has no one answer.
      const same = tools.filter((each) => summaryOf(each) === query).map((each) => each.path);
      return query === "" || same.length > 1
        ? []
        : [{ id: tool.path, query: `${query} in ${tool.source}`, relevant: [tool.path] }];
    });
  return { catalog, set: { name: "openapi documents", tools: tools.map(toSetTool), queries } };
}

function summaryOf(tool: Tool): string {
  return (tool.description.split("\n", 1)[0] ?? "").slice(0, 200);
}

function toSetTool(tool: Tool): SetTool {
  return { name: tool.path, group: tool.source, description: tool.description, inputSchema: tool.input };
}
