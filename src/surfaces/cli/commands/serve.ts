/**
 * `codemode serve`: all tools to MCP clients as `search` and `execute`, over HTTP or standard input and
 * output. Begins at once; sources are dialled in the background.
 */
import { CodemodeError, toCodemodeError } from "../../../errors.ts";
import { startHttpServer } from "../../http/start-http-server.ts";
import type { McpServerOptions } from "../../mcp/create-mcp-server.ts";
import { createModelSurface } from "../../mcp/create-model-surface.ts";
import { createMcpHttp } from "../../mcp/create-mcp-http.ts";
import { serveMcpStdio } from "../../mcp/serve-mcp-stdio.ts";
import { configArg, defineCliCommand, logArg } from "../cli-command.ts";
import type { CliContext } from "../cli-command.ts";
import { clientInstructions } from "../client-instructions.ts";
import { exitCodes } from "../exit-codes.ts";
import { programVersion } from "../program-version.ts";
import { announceSources } from "../announce-sources.ts";
import { withCodemode } from "../with-codemode.ts";
import type { Session } from "../with-codemode.ts";

const serverInfo = { name: "codemode", title: "Codemode", version: programVersion };

export default defineCliCommand({
  description: "Serve all tools to MCP clients as search and execute",
  examples: ["codemode serve", "codemode serve --port 0", "codemode serve --stdio --config ./codemode.json"],
  args: {
    stdio: { type: "boolean", description: "Serve one client over standard input and output" },
    host: { type: "string", description: "Address to listen on. Default: server.host, then 127.0.0.1" },
    port: {
      type: "string",
      description: "Port to listen on, 0 for a free one. Default: server.port, then 4000",
    },
    ...configArg,
    ...logArg,
  },
  run: async ({ stdio, host, port, config, log }, context) => {
    if (stdio === true && (host !== undefined || port !== undefined)) {
      throw new CodemodeError("usage", "--stdio listens on no address.", {
        hint: "Leave out --host and --port.",
      });
    }
    const listenOn = { host, port: port === undefined ? undefined : toPort(port) };
    const options = { config, log, dial: "background", journal: "store", logLevel: "info" } as const;
    await withCodemode(context, options, async (session) => {
      using surface = createModelSurface(session.codemode, { mode: session.loaded.config.surface ?? "auto" });
      const serving = { ...session, mcp: { serverInfo, surface } };
      void recoverRuns(session);
      await (stdio === true ? serveStdio(serving, context) : serveHttp(serving, context, listenOn));
    });
    return exitCodes.completed;
  },
});

/** Runs that an earlier start left unfinished go on beside everything else. */
async function recoverRuns({ codemode, log }: Session): Promise<void> {
  try {
    const runs = await codemode.recover();
    if (runs > 0) log.info({ runs }, "unfinished runs were continued");
  } catch (thrown) {
    log.error({ error: toCodemodeError(thrown).message }, "unfinished runs could not be continued");
  }
}

interface Serving extends Session {
  readonly mcp: McpServerOptions;
}

function toPort(given: string): number {
  const port = Number(given);
  if (given.trim() !== "" && Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new CodemodeError(
    "usage",
    `--port must be a whole number from 0 to 65535, not ${JSON.stringify(given)}.`,
  );
}

async function serveStdio({ codemode, log, mcp }: Serving, { signal }: CliContext): Promise<void> {
  await using client = serveMcpStdio(codemode, {
    ...mcp,
    onError: (error) => log.debug({ error: error.message }, "stdio"),
  });
  log.info("serving one client over standard input and output");
  await Promise.race([client.closed, aborted(signal)]);
}

interface Address {
  readonly host: string | undefined;
  readonly port: number | undefined;
}

async function serveHttp(
  { codemode, loaded, log, mcp: mcpOptions }: Serving,
  { terminal, signal }: CliContext,
  given: Address,
): Promise<void> {
  const { config, values } = loaded;
  const { token, allowedHosts, allowedOrigins, ...address } = config.server ?? {};
  const onError = (error: Error): void => log.debug({ error: error.message }, "http");
  await using mcp = createMcpHttp(codemode, { ...mcpOptions, onError });
  await using server = await startHttpServer({
    host: given.host ?? address.host,
    port: given.port ?? address.port,
    token: token === undefined ? undefined : values.text(token, ["server", "token"]),
    allowedHosts,
    allowedOrigins,
    mcp: (request) => mcp.fetch(request),
    onError,
  });
  const url = `${server.url}/mcp`;
  terminal.out(`Codemode serves ${loaded.file}\nMCP endpoint: ${terminal.styleOut("bold", url)}\n\n`);
  terminal.out(clientInstructions(url, { withToken: token !== undefined }));
  const announced = announceSources(codemode, { terminal, signal, log });
  await aborted(signal);
  await announced;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
