/**
 * `codemode serve`: all tools to MCP clients as `search` and `execute`, over HTTP or standard input and
 * output. Begins at once; sources are dialled in the background.
 */
import { CodemodeError } from "../../../errors.ts";
import type { ClientApprovals } from "../../mcp/ask-client.ts";
import { createModelSurface } from "../../mcp/create-model-surface.ts";
import { createRequestStateSealer } from "../../mcp/request-state.ts";
import { configArg, defineCliCommand, logArg } from "../cli-command.ts";
import type { LoadedConfig } from "../config/load-config.ts";
import { exitCodes } from "../exit-codes.ts";
import { programVersion } from "../program-version.ts";
import { readSealKey } from "../read-seal-key.ts";
import { warmUp } from "../warm-up.ts";
import { withCodemode } from "../with-codemode.ts";

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
    // Sources of which nothing is known are dialled at once, the others once the first client has been answered.
    const options = { config, log, dial: "lazy", journal: "store", follow: true, logLevel: "info" } as const;
    await withCodemode(context, options, async (session) => {
      const { codemode, loaded } = session;
      using surface = createModelSurface(codemode, { mode: loaded.config.surface ?? "auto" });
      const approvals = await toClientApprovals(loaded);
      const serving = {
        ...session,
        mcp: {
          serverInfo,
          surface,
          patienceMs: loaded.config.server?.patienceMs,
          expose: loaded.config.snippets?.expose ?? [],
          passthrough: loaded.config.passthrough,
          ...(approvals === undefined ? {} : { approvals }),
        },
      };
      if (loaded.config.sandbox?.require !== undefined) await codemode.engine();
      const warming = { signal: context.signal, tell: (text: string) => context.terminal.err(text) };
      if (stdio === true) {
        const { serveStdio } = await import("../serve-stdio.ts");
        await serveStdio(serving, context, () => warmUp(session, warming));
      } else {
        const { serveHttp } = await import("../serve-http.ts");
        await serveHttp(serving, context, {
          ...listenOn,
          onListening: () => warmUp(session, warming),
        });
      }
    });
    return exitCodes.completed;
  },
});

/** Absent where answers are given elsewhere only. */
async function toClientApprovals({ config, folders }: LoadedConfig): Promise<ClientApprovals | undefined> {
  if (config.approvals?.ask === "elsewhere" || config.approvals?.pin !== undefined) return undefined;
  return { sealer: createRequestStateSealer({ key: await readSealKey(folders.state) }) };
}

function toPort(given: string): number {
  const port = Number(given);
  if (given.trim() !== "" && Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new CodemodeError(
    "usage",
    `--port must be a whole number from 0 to 65535, not ${JSON.stringify(given)}.`,
  );
}
