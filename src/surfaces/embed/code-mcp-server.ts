/**
 * `codemode/mcp`: Code Mode in a program that has an MCP server, an API or a web server already. Wraps a server object
 * in process, without a port or a child.
 */
import { Client, InMemoryTransport } from "@modelcontextprotocol/client";
import { CodemodeError } from "../../errors.ts";
import { createMcpClientSource } from "../../index.ts";
import { wrapSource, type WrapOptions, type WrappedServer } from "./wrapped-server.ts";

export { createMcpHandler, type McpHandler, type McpHandlerOptions } from "./create-mcp-handler.ts";
export { openApiMcpServer, type OpenApiMcpServerOptions } from "./open-api-mcp-server.ts";
export type { WrapOptions, WrappedServer } from "./wrapped-server.ts";

/** What is used of a server: `McpServer` or `Server` of the official SDK, of either of its majors. */
export interface ConnectableServer {
  readonly connect: (transport: never) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface CodeMcpServerOptions extends WrapOptions {
  /** Where its tools are called: `tools.<name>.…`. Default: the name by which it introduces itself. */
  readonly name?: string;
  /** Believe what it says of its tools' effects. Default true: it is code of this program. */
  readonly trusted?: boolean;
}

/**
 * A Code Mode server over a server that is not connected yet; it is connected to here, and closed with what is
 * returned. Throws `config_invalid` for one that cannot be connected, and `source_*`.
 */
export async function codeMcpServer(
  server: ConnectableServer,
  { name, trusted = true, ...options }: CodeMcpServerOptions = {},
): Promise<WrappedServer> {
  const client = new Client({ name: "codemode", version: "0.1.0" });
  const [near, far] = InMemoryTransport.createLinkedPair();
  try {
    await Reflect.apply(server.connect, server, [far]);
    await client.connect(near);
  } catch (cause) {
    await client.close();
    throw new CodemodeError("config_invalid", "The server could not be connected to in process.", {
      cause,
      hint: "Give codeMcpServer a server of its own, before it is connected to any other transport.",
    });
  }
  const own = client.getServerVersion()?.name ?? "";
  const source = createMcpClientSource(name ?? (own.replaceAll(".", "_").trim() || "server"), client, {
    trusted,
    owned: true,
  });
  return await wrapSource(source, options);
}
