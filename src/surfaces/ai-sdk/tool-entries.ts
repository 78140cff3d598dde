/**
 * Everything that `codemode({ tools })` takes under one roof, as types and as sources: AI SDK tools, groups of them,
 * MCP servers and clients, OpenAPI documents, sources. What only the application can call is told apart.
 */
import { CodemodeError } from "../../errors.ts";
import { createMcpClientSource, createMcpSource, createOpenApiSource } from "../../index.ts";
import type { ConnectedMcpClient, McpSourceOptions, OpenApiSourceOptions, Source } from "../../index.ts";
import type { ToolProvider } from "../cloudflare/executor.ts";
import { aiToolsToSource, type AiToolsOptions } from "./ai-tools-to-source.ts";
import { hasFunction, isAiTool, isExecutable, isToolSet, type AiTool, type AiTools } from "./ai-tool.ts";
import { createLateSource } from "./late-source.ts";

type Untransported<Entry> = Entry extends unknown ? Omit<Entry, "transport"> : never;

/** As in the `mcpServers` of a configuration: `{ command, args, env }` or `{ url, headers }`. */
export type McpEntry = Untransported<McpSourceOptions>;

/** `createMCPClient()` of `@ai-sdk/mcp`, or anything else that is asked for its tools. */
export interface ToolsClient {
  tools(): PromiseLike<AiTools>;
}

export type ToolEntry =
  | AiTool
  | AiTools
  | ToolProvider
  | McpEntry
  | ConnectedMcpClient
  | ToolsClient
  | OpenApiSourceOptions
  /** A parsed document: where the API is says its first server. */
  | { readonly openapi: string }
  | { readonly swagger: string }
  | Source;

export interface SortedEntries {
  readonly sources: readonly Source[];
  /** AI SDK tools by the name of their source. */
  readonly toolSets: ReadonlyMap<string, AiTools>;
  /** Tools that have no `execute`: the client's or the provider's, returned as they are. */
  readonly beside: AiTools;
}

export interface SortOptions extends AiToolsOptions {
  /** The source of tools that stand at the top. */
  readonly own: string;
}

/** Throws `config_invalid`, naming the entry, and `tool_definition_invalid`. */
export function sortEntries(entries: object, { own, ...options }: SortOptions): SortedEntries {
  const sources: Source[] = [];
  const toolSets = new Map<string, AiTools>();
  const top: [string, AiTool][] = [];
  const beside: [string, AiTool][] = [];
  const addTools = (name: string, tools: AiTools): void => {
    toolSets.set(name, tools);
    sources.push(aiToolsToSource(name, tools, options));
  };
  for (const [name, entry] of Object.entries(entries) as [string, unknown][]) {
    if (isSource(entry)) sources.push(entry);
    else if (isAiTool(entry)) (isExecutable(entry) ? top : beside).push([name, entry]);
    else if (isToolSet(entry)) addTools(name, entry);
    else if (isProvider(entry)) addTools(name, entry.tools as AiTools);
    else sources.push(entryToSource(name, entry, options));
  }
  // fromEntries defines own properties, so that `__proto__` is only a name.
  if (top.length > 0) addTools(own, Object.fromEntries(top));
  return { sources, toolSets, beside: Object.fromEntries(beside) };
}

function entryToSource(name: string, entry: unknown, options: AiToolsOptions): Source {
  if (typeof entry !== "object" || entry === null) throw unknownEntry(name);
  if (hasFunction(entry, "listTools") && hasFunction(entry, "callTool"))
    return createMcpClientSource(name, entry as ConnectedMcpClient);
  if (hasFunction(entry, "tools"))
    return createLateSource({
      name,
      kind: "mcp",
      load: async () => aiToolsToSource(name, await (entry as ToolsClient).tools(), options),
    });
  if ("command" in entry && typeof entry.command === "string")
    return createMcpSource(name, { ...entry, command: entry.command, transport: "stdio" });
  if ("url" in entry && (typeof entry.url === "string" || entry.url instanceof URL))
    return createMcpSource(name, { ...entry, url: String(entry.url), transport: "http" });
  if ("spec" in entry && (typeof entry.spec === "string" || typeof entry.spec === "object"))
    return createOpenApiSource(name, entry as OpenApiSourceOptions);
  if ("openapi" in entry || "swagger" in entry) return createOpenApiSource(name, { spec: entry });
  throw unknownEntry(name);
}

function isSource(entry: unknown): entry is Source {
  if (typeof entry !== "object" || entry === null) return false;
  return hasFunction(entry, "list") && hasFunction(entry, "call") && "fingerprint" in entry;
}

function isProvider(entry: unknown): entry is ToolProvider {
  return typeof entry === "object" && entry !== null && "tools" in entry && isToolSet(entry.tools);
}

function unknownEntry(name: string): CodemodeError {
  return new CodemodeError("config_invalid", `tools.${name} is nothing that tools can be made of.`, {
    hint: "Give an AI SDK tool or a group of them, an MCP server ({ command } or { url }), a connected MCP client, or an OpenAPI document ({ spec }).",
  });
}
