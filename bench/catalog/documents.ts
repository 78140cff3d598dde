/** The documents to measure on: lists of MCP tools, and descriptions of HTTP APIs. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

export interface Document {
  readonly kind: "mcp" | "openapi";
  readonly name: string;
  readonly file: string;
}

export interface McpTool {
  readonly name: string;
  readonly description?: string;
  readonly inputSchema: object;
  readonly outputSchema?: object;
}

const folders = { mcp: "mcp-tools", openapi: "openapi" } as const;

/** Every document below the folder with `mcp-tools/` and `openapi/`, those whose name holds `only` if given. */
export function documentsIn(folder: string, only = ""): readonly Document[] {
  return (["mcp", "openapi"] as const).flatMap((kind) => {
    const at = join(folder, folders[kind]);
    const files = existsSync(at) ? readdirSync(at).filter((file) => file.endsWith(".json")) : [];
    return files
      .map((file) => ({ kind, name: basename(file, ".json"), file: join(at, file) }))
      .filter(({ name }) => name.includes(only));
  });
}

export function readDocument(document: Document): unknown {
  return JSON.parse(readFileSync(document.file, "utf8"));
}

export function mcpToolsOf(document: Document): readonly McpTool[] {
  return (readDocument(document) as { tools: McpTool[] }).tools;
}

const methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/** How many operations an API description holds. */
export function countOperations(document: Document): number {
  const { paths } = readDocument(document) as { paths: { [path: string]: object } };
  return Object.values(paths).reduce(
    (sum, item) => sum + methods.filter((method) => method in item).length,
    0,
  );
}
