/**
 * Serves MCP clients over HTTP until the program is asked to end, and tells the person at the terminal where,
 * with which sources, and how to add the endpoint to a client.
 */
import { createToolAnswers } from "../http/answer-tool-call.ts";
import { isLoopback } from "../http/host-name.ts";
import { tellsOwners } from "../http/peer/peer-owners.ts";
import { startHttpServer } from "../http/start-http-server.ts";
import { createMcpEndpoint } from "../mcp/create-mcp-endpoint.ts";
import { announceSources } from "./announce-sources.ts";
import { announceWaiting } from "./announce-waiting.ts";
import type { CliContext } from "./cli-command.ts";
import { clientInstructions } from "./client-instructions.ts";
import { readOwnToken } from "./read-own-token.ts";
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
  const { config } = loaded;
  const { allowedHosts, allowedOrigins, ...address } = config.server ?? {};
  const host = given.host ?? address.host ?? "127.0.0.1";
  const token = await toToken(loaded, host);
  const onError = (error: Error): void => log.debug({ error: error.message }, "http");
  await using mcp = createMcpEndpoint(codemode, { ...mcpOptions, onError });
  await using server = await startHttpServer({
    host,
    port: given.port ?? address.port,
    token: token?.value,
    allowedHosts,
    allowedOrigins,
    mcp: (request, from) => mcp.fetch(request, from),
    tools: createToolAnswers(codemode),
    onError,
  });
  const url = `${server.url}/mcp`;
  terminal.out(`Codemode serves ${loaded.file}\nMCP endpoint: ${terminal.styleOut("bold", url)}\n\n`);
  terminal.out(clientInstructions(url, { token }));
  using _announcing = announceSources(codemode, { terminal, log });
  using _waiting = announceWaiting(codemode, (line) => terminal.out(line));
  void given.onListening();
  await untilAborted(signal);
}

/**
 * The operator's, where one is set. Else none where the system tells whose a connection is, and one of the user's own where
 * it does not. Beyond loopback the server asks for the operator's.
 */
async function toToken(
  { config, values, folders }: Serving["loaded"],
  host: string,
): Promise<{ readonly from: "operator" | "server"; readonly value: string } | undefined> {
  const token = config.server?.token;
  if (token !== undefined) return { from: "operator", value: values.text(token, ["server", "token"]) };
  if (!isLoopback(host) || (await tellsOwners(host))) return undefined;
  return { from: "server", value: await readOwnToken(folders.state) };
}
