/**
 * Serves one MCP client over standard input and output. Nothing else may write to standard output.
 */
import type { Server } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import type { Codemode } from "../../index.ts";
import { createMcpServer } from "./create-mcp-server.ts";
import { ExactStdio } from "./exact-stdio.ts";
import type { McpServerOptions } from "./create-mcp-server.ts";
import { settledSoon } from "./settled-soon.ts";

export interface McpStdioOptions extends McpServerOptions {
  readonly onError?: (error: Error) => void;
}

export interface McpStdio extends AsyncDisposable {
  /** Resolves when the client has closed its side, or after disposal. */
  readonly closed: Promise<void>;
}

export function serveMcpStdio(codemode: Codemode, { onError, ...options }: McpStdioOptions = {}): McpStdio {
  const ended = Promise.withResolvers<void>();
  process.stdin.once("end", ended.resolve);
  process.stdin.once("close", ended.resolve);
  const known = settledSoon(codemode);
  let server: Server | undefined;
  const createServer = async (): Promise<Server> => {
    await known;
    server = createMcpServer(codemode, options);
    return server;
  };
  const shown = (options.passthrough ?? []).length > 0 ? codemode : options.surface;
  const changes = shown?.onChange(() => {
    // Before the client has opened the connection there is nobody to tell.
    server?.sendToolListChanged().catch(() => {});
  });
  const handle = serveStdio(createServer, {
    transport: new ExactStdio(),
    ...(onError === undefined ? {} : { onerror: onError }),
  });
  return {
    closed: ended.promise,
    [Symbol.asyncDispose]: async () => {
      changes?.[Symbol.dispose]();
      await handle.close();
      ended.resolve();
    },
  };
}
