/**
 * Walks all pages of `tools/list` within bounds. What was found before a bound was met is kept and the bound
 * is told as an issue; a page that fails fails the whole listing, since half a list would look like a change.
 */
import { ProtocolError } from "@modelcontextprotocol/client";
import { CodemodeError } from "../../errors.ts";
import type { SourceListing, ToolDefinition, ToolIssue } from "../../spec/tool.ts";
import { roundIntegers } from "../../json/round-integers.ts";
import type { McpSession } from "./mcp-session.ts";
import type { McpSettings } from "./mcp-source-options.ts";
import { toToolDefinition } from "./to-tool-definition.ts";

interface Page {
  readonly tools: unknown;
  readonly nextCursor?: unknown;
}

type ListingBounds = Pick<McpSettings, "name" | "trusted" | "limits">;

/** The name under which an issue of the listing as a whole stands. */
const wholeListing = "tools/list";
const maxCursor = 65_536;

/** Asks the server. Throws `source_invalid`, `source_timeout`, `source_unavailable` and `run_cancelled`. */
export async function listTools(
  session: McpSession,
  settings: McpSettings,
  signal: AbortSignal,
): Promise<SourceListing> {
  const timeoutMs = settings.timeouts.list;
  const until = Date.now() + timeoutMs;
  const offersTools = session.client.getServerCapabilities()?.tools !== undefined;
  const fetchPage = async (cursor: string | undefined): Promise<Page> => {
    try {
      const bounds = { signal, timeoutMs, until, maxBytes: settings.limits.messageBytes };
      const { result } = await session.listPage(cursor, bounds);
      return { tools: roundAll(result["tools"]), nextCursor: result["nextCursor"] };
    } catch (error) {
      if (offersTools || !isUnknownMethod(error)) throw error;
      return { tools: [] };
    }
  };
  const listing = await pagesToListing(settings, fetchPage);
  const server = session.client.getServerVersion();
  const title = server?.title ?? server?.name;
  const instructions = session.client.getInstructions();
  return {
    ...listing,
    ...(title === undefined ? {} : { title: title.slice(0, 200) }),
    ...(instructions === undefined ? {} : { instructions: instructions.slice(0, 65_536) }),
  };
}

/** A tool that nests too deeply is left out for that, whatever its numbers. */
function roundAll(tools: unknown): unknown {
  if (!Array.isArray(tools)) return tools;
  return tools.map((tool: unknown) => {
    try {
      return roundIntegers(tool);
    } catch {
      return tool;
    }
  });
}

/** Some servers do not state that they have tools; those that have none do not know the method. */
function isUnknownMethod(error: unknown): boolean {
  return (
    error instanceof CodemodeError && error.cause instanceof ProtocolError && error.cause.code === -32601
  );
}

/** Makes a listing of pages, wherever they come from. */
export async function pagesToListing(
  { name, trusted, limits }: ListingBounds,
  fetchPage: (cursor: string | undefined) => Promise<Page>,
): Promise<SourceListing> {
  const tools = new Map<string, ToolDefinition>();
  const issues: ToolIssue[] = [];
  const seen = new Set<string>();
  let cursor: string | undefined;
  let bytes = 0;
  let position = 0;
  for (let pages = 1; ; pages += 1) {
    const page = await fetchPage(cursor);
    if (!Array.isArray(page.tools)) {
      throw new CodemodeError("source_invalid", `"${name}" answered tools/list without a list of tools.`, {
        hint: `Check that mcpServers.${name} is an MCP server.`,
      });
    }
    const found: readonly unknown[] = page.tools;
    for (const raw of found) {
      position += 1;
      if (tools.size >= limits.tools) return stop(`there are more than ${limits.tools} tools`);
      const { tool, size, reasons } = toToolDefinition(raw, {
        trusted,
        toolBytes: limits.toolBytes,
        position,
      });
      bytes += size;
      if (bytes > limits.listingBytes)
        return stop(`the definitions take more than ${limits.listingBytes} bytes`);
      if (issues.length < limits.tools) issues.push(...reasons);
      if (tool === undefined) continue;
      if (tools.has(tool.upstreamName))
        issues.push({
          upstreamName: tool.upstreamName,
          kind: "left_out",
          reason: "another tool of the same name comes before it",
        });
      else tools.set(tool.upstreamName, tool);
    }
    const next = page.nextCursor;
    if (next === undefined || next === null || next === "") return { tools: [...tools.values()], issues };
    if (typeof next !== "string" || next.length > maxCursor)
      return stop("a page names its successor by something that is no cursor");
    if (seen.has(next)) return stop("the pages go in a circle");
    if (pages >= limits.pages) return stop(`there are more than ${limits.pages} pages`);
    seen.add(next);
    cursor = next;
  }

  function stop(reason: string): SourceListing {
    const issue: ToolIssue = {
      upstreamName: wholeListing,
      kind: "left_out",
      reason: `${reason}: only the tools before that are listed`,
    };
    return { tools: [...tools.values()], issues: [...issues, issue] };
  }
}
