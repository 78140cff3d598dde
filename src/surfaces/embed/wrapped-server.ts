/**
 * What wrapping a server gives: the `Codemode` behind it, and MCP servers over that for whatever transport the
 * program has.
 */
import type { Server } from "@modelcontextprotocol/server";
import { createCodemode, createWorkerdEngine } from "../../index.ts";
import type { Codemode, CodemodeOptions, Engine, Source } from "../../index.ts";
import { createMcpServer } from "../mcp/create-mcp-server.ts";
import { createModelSurface, type SurfaceMode } from "../mcp/create-model-surface.ts";

export interface WrapOptions extends Omit<CodemodeOptions, "sources" | "engine"> {
  /** Default: a workerd engine of its own. Owned from here on. */
  readonly engine?: Engine;
  /** Whether `execute` lists every signature. Default `auto`: where they take at most 1,200 tokens. */
  readonly surface?: SurfaceMode;
  /** How the new server introduces itself. Default: as `codemode`. */
  readonly serverInfo?: { readonly name: string; readonly version: string };
}

export interface WrappedServer extends AsyncDisposable {
  /** Everything else: runs, questions, answers; and what `createMcpHandler` takes. */
  readonly codemode: Codemode;
  /** A Code Mode server for one client: to be connected to a transport, or given to `serveStdio`. */
  createServer(): Server;
  /** Ends runs, and closes the wrapped server's connection and the engine. */
  close(): Promise<void>;
}

/** Waits until the source has been listed. Rejects with why it could not be; everything is closed then. */
export async function wrapSource(source: Source, options: WrapOptions): Promise<WrappedServer> {
  const { engine, surface: mode = "auto", serverInfo, ...rest } = options;
  const codemode = createCodemode({ ...rest, sources: [source], engine: engine ?? createWorkerdEngine() });
  const surface = createModelSurface(codemode, { mode });
  const close = async (): Promise<void> => {
    surface[Symbol.dispose]();
    await codemode.close();
  };
  try {
    // Its own error says what is wrong; the core would only call the source failed.
    await source.list({ signal: AbortSignal.timeout(listMs) });
    await codemode.catalog({ fresh: true });
  } catch (thrown) {
    await close();
    throw thrown;
  }
  return {
    codemode,
    createServer: () =>
      createMcpServer(codemode, { surface, ...(serverInfo === undefined ? {} : { serverInfo }) }),
    close,
    [Symbol.asyncDispose]: close,
  };
}

const listMs = 60_000;
