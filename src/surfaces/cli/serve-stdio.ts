/**
 * Serves one MCP client over standard input and output until it goes or the program is asked to end.
 */
import { serveMcpStdio } from "../mcp/serve-mcp-stdio.ts";
import type { McpServerOptions } from "../mcp/create-mcp-server.ts";
import { announceWaiting } from "./announce-waiting.ts";
import type { CliContext } from "./cli-command.ts";
import { untilAborted } from "./until-aborted.ts";
import type { Session } from "./with-codemode.ts";

export interface Serving extends Session {
  readonly mcp: McpServerOptions;
}

export async function serveStdio(
  { codemode, log, mcp }: Serving,
  { signal, terminal }: CliContext,
  onServing: () => Promise<void>,
): Promise<void> {
  await using client = serveMcpStdio(codemode, {
    ...mcp,
    onError: (error) => log.debug({ error: error.message }, "stdio"),
  });
  // Standard output is the client's.
  using _waiting = announceWaiting(codemode, (line) => terminal.err(line));
  log.info("serving one client over standard input and output");
  void onServing();
  await Promise.race([client.closed, untilAborted(signal)]);
}
