/**
 * Serves MCP clients over HTTP until the program is asked to end, and tells the person at the terminal where,
 * with which sources, and how to add the endpoint to a client.
 */
import { createToolAnswers } from "../http/answer-tool-call.ts";
import { startHttpServer } from "../http/start-http-server.ts";
import { createMcpEndpoint } from "../mcp/create-mcp-endpoint.ts";
import { announceSources } from "./announce-sources.ts";
import type { CliContext } from "./cli-command.ts";
import { clientInstructions } from "./client-instructions.ts";
import type { Serving } from "./serve-stdio.ts";
import { untilAborted } from "./until-aborted.ts";

export interface ListenOptions {
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly onListening: () => Promise<void>;
}

export async function serveHttp(
  { codemode, loaded, log, mcp: mcpOptions }: Serving,
  { terminal, signal }: CliContext,
  given: ListenOptions,
): Promise<void> {
  const { config, values } = loaded;
  const { token, allowedHosts, allowedOrigins, ...address } = config.server ?? {};
  const onError = (error: Error): void => log.debug({ error: error.message }, "http");
  await using mcp = createMcpEndpoint(codemode, { ...mcpOptions, onError });
  await using server = await startHttpServer({
    host: given.host ?? address.host,
    port: given.port ?? address.port,
    token: token === undefined ? undefined : values.text(token, ["server", "token"]),
    allowedHosts,
    allowedOrigins,
    mcp: (request) => mcp.fetch(request),
    tools: createToolAnswers(codemode),
    onError,
  });
  const url = `${server.url}/mcp`;
  terminal.out(`Codemode serves ${loaded.file}\nMCP endpoint: ${terminal.styleOut("bold", url)}\n\n`);
  terminal.out(clientInstructions(url, { withToken: token !== undefined }));
  using _announcing = announceSources(codemode, { terminal, log });
  void given.onListening();
  await untilAborted(signal);
}
