/**
 * The MCP server over one `Codemode`: the tools `search` and `execute`, the same in both protocol eras. One
 * server serves one session or one request; transports are given by whoever makes it.
 */
import { ProtocolError, ProtocolErrorCode, Server } from "@modelcontextprotocol/server";
import { nearest } from "../../nearest.ts";
import type { Codemode } from "../../index.ts";
import type { ClientApprovals } from "./ask-client.ts";
import { callExecute } from "./call-execute.ts";
import { callSearch } from "./call-search.ts";
import type { ModelSurface } from "./create-model-surface.ts";
import { createPassthrough, offerResources, type Passthrough } from "./create-passthrough.ts";
import type { NativeFeatures } from "./native-features.ts";
import { createExposedSnippets, type ExposedSnippets, type ExposeKind } from "./exposed-snippets.ts";
import { offerFiles, withoutUnknownLinks } from "./file-resources.ts";
import { toClient } from "./to-client.ts";
import { toInstructions } from "./to-instructions.ts";
import { executeTool, searchTool } from "./tool-definitions.ts";
import { toErrorResult } from "./to-tool-result.ts";

export interface McpServerOptions {
  /** How the server introduces itself. Default `codemode` and the package's version. */
  readonly serverInfo?: { readonly name: string; readonly version: string };
  /** Who the runs belong to. Default `local`. */
  readonly principal?: string;
  /** What a model is shown; shared by all servers over one `Codemode`. Default the two constant tools. */
  readonly surface?: ModelSurface;
  /** Lets clients answer what runs ask. Default: answers are given elsewhere. */
  readonly approvals?: ClientApprovals;
  /** Offers saved snippets as tools or prompts of their own. Default: neither. */
  readonly expose?: readonly ExposeKind[];
  /** Milliseconds after which a client without a progress token is told that its run goes on. Default 50 s. */
  readonly patienceMs?: number | undefined;
  /** Globs over `source.tool`: tools that stand beside `search` and `execute`, natively. Default: none. */
  readonly passthrough?: readonly string[] | undefined;
  /** Every tool natively, and no `search` and `execute`. Default false. */
  readonly classic?: boolean | undefined;
  /** Default: what `toInstructions` says now. */
  readonly instructions?: string;
}

/** Of a name that nobody knows, a source that is starting might know more. */
const unknownPatienceMs = 2_000;

const defaultServerInfo = { name: "codemode", title: "Codemode", version: "0.1.0" };

/** Never waits for a source: the overview is of what is known now. */
export function createMcpServer(codemode: Codemode, options: McpServerOptions = {}): Server {
  const { serverInfo = defaultServerInfo, principal, surface, instructions, approvals } = options;
  const snippets = createExposedSnippets(codemode, { expose: options.expose ?? [], principal });
  const passthrough = createPassthrough(codemode, { ...options, chosen: options.passthrough });
  const { features } = passthrough;
  const listChanged = features !== undefined || (surface !== undefined && surface.mode !== "search");
  const server = new Server(serverInfo, {
    capabilities: {
      tools: listChanged ? { listChanged } : {},
      ...(snippets.kinds.has("prompts") || features !== undefined ? { prompts: {} } : {}),
      resources: {},
    },
    instructions: passthrough.classic ? "" : (instructions ?? toInstructions(codemode)),
  });
  server.setRequestHandler("tools/list", async () => ({
    tools: [
      ...(passthrough.classic ? [] : ((await surface?.tools()) ?? [searchTool, executeTool])),
      ...(await passthrough.tools()),
      ...(await snippets.tools()),
    ],
  }));
  server.setRequestHandler("tools/call", async ({ params }, context) => {
    const request = {
      args: params.arguments,
      context,
      principal,
      client: toClient(context, server),
      patienceMs: options.patienceMs,
      approvals,
      declared: server.getClientCapabilities(),
    };
    try {
      const own = passthrough.isOwn(params.name);
      const native = own ? undefined : await passthrough.call(params.name, request);
      if (native !== undefined) return native;
      if (own && params.name === searchTool.name)
        return await callSearch(codemode, params.arguments, request);
      const program = await snippets.programOf(params.name, params.arguments);
      if (own || program !== undefined)
        return withoutUnknownLinks(
          await callExecute(
            codemode,
            program === undefined ? request : { ...request, args: { code: program } },
          ),
          server.getNegotiatedProtocolVersion(),
        );
    } catch (thrown) {
      if (thrown instanceof ProtocolError) throw thrown;
      return toErrorResult(thrown);
    }
    throw new ProtocolError(
      ProtocolErrorCode.InvalidParams,
      await unknownTool(codemode, params.name, passthrough),
    );
  });
  if (snippets.kinds.has("prompts") || features !== undefined) offerPrompts(server, snippets, features);
  if (passthrough.classic && features !== undefined) offerResources(server, features);
  else offerFiles(server, codemode, { principal, others: features });
  return server;
}

function offerPrompts(server: Server, snippets: ExposedSnippets, features?: NativeFeatures): void {
  server.setRequestHandler("prompts/list", async (_request, { mcpReq }) => ({
    prompts: [...(await snippets.prompts()), ...((await features?.prompts(mcpReq.signal)) ?? [])],
  }));
  server.setRequestHandler("prompts/get", async ({ params }, { mcpReq }) => {
    const prompt = await snippets.prompt(params.name, params.arguments ?? {});
    if (prompt !== undefined) return prompt;
    if (features !== undefined)
      return await features.prompt(params.name, params.arguments ?? {}, mcpReq.signal);
    throw new ProtocolError(
      ProtocolErrorCode.InvalidParams,
      `There is no prompt ${JSON.stringify(params.name.slice(0, 100))}.`,
    );
  });
}

/** Models like to call a path they read in an answer as if it were a tool of its own. */
async function unknownTool(codemode: Codemode, name: string, { classic }: Passthrough): Promise<string> {
  if (classic) return `There is no tool ${JSON.stringify(name.slice(0, 100))} here.`;
  const { tools } = await codemode.catalog({ patienceMs: unknownPatienceMs });
  const path = tools.has(name) ? name : nearest(name, tools.keys(), 1)[0];
  const hint =
    path === undefined ? "" : ` Call it from a program: execute({ code: "return await tools.${path}(…)" }).`;
  return `There is no tool ${JSON.stringify(name.slice(0, 100))} here, only "search" and "execute".${hint}`;
}
