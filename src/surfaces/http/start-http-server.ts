/**
 * Listens, with bounds on everything a stranger could use up: connections, time for headers and bodies,
 * header bytes. Beyond loopback it refuses to start without a token; on it, without one, it answers one user alone.
 */
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { CodemodeError } from "../../errors.ts";
import { boundConnections } from "./connection-bounds.ts";
import { createHttpApp } from "./create-http-app.ts";
import type { HttpAppOptions } from "./create-http-app.ts";
import { isLoopback, toUrlHost } from "./host-name.ts";
import { createPeerIdentity, type IdentifyPeer } from "./peer/identify-peer.ts";

export interface HttpServerOptions extends Omit<HttpAppOptions, "host"> {
  /** Default 127.0.0.1. */
  readonly host?: string | undefined;
  /** Default 4000; 0 takes a free one. */
  readonly port?: number | undefined;
  readonly bounds?: Partial<HttpBounds>;
  /** Default: what the operating system says of each connection. */
  readonly identify?: IdentifyPeer | undefined;
}

export interface HttpBounds {
  /** Connections at once; for a further one, one that is not being answered is closed. Default 512. */
  readonly connections: number;
  /** Milliseconds for all headers of a request. Default 10,000. */
  readonly headersMs: number;
  /** Milliseconds for a whole request to arrive. Default 30,000. */
  readonly requestMs: number;
  /** Bytes of all headers of a request. Default 16 KiB. */
  readonly headerBytes: number;
}

export interface HttpServer extends AsyncDisposable {
  /** `http://127.0.0.1:4000`. */
  readonly url: string;
  readonly port: number;
}

const defaultBounds: HttpBounds = {
  connections: 512,
  headersMs: 10_000,
  requestMs: 30_000,
  headerBytes: 16 * 1024,
};
/** How long answers under way may go on after the server was told to close. */
const graceMs = 300;

/** Throws `bind_requires_token`, `port_in_use` or `config_invalid`. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { host = "127.0.0.1", port = 4000, bounds: given, identify, ...appOptions } = options;
  if (!isLoopback(host) && appOptions.token === undefined) {
    throw new CodemodeError(
      "bind_requires_token",
      `${host} can be reached from other machines, and no token is set.`,
      {
        hint: 'Set server.token, as "${CODEMODE_TOKEN}", or listen on 127.0.0.1.',
        data: { field: "server.token" },
      },
    );
  }
  const bounds = { ...defaultBounds, ...given };
  const identity = identify ?? createPeerIdentity();
  const app = createHttpApp({ host, ...appOptions }, identity);
  const server = createServer(
    {
      headersTimeout: bounds.headersMs,
      requestTimeout: bounds.requestMs,
      connectionsCheckingInterval: Math.min(bounds.headersMs, 5_000),
      maxHeaderSize: bounds.headerBytes,
    },
    // The listener answers every failure of its own as a response.
    (incoming, outgoing) => void listener(incoming, outgoing),
  );
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  boundConnections(server, bounds.connections, identity);
  const address = await listen(server, host, port);
  return {
    url: `http://${toUrlHost(host)}:${address.port}`,
    port: address.port,
    [Symbol.asyncDispose]: () => close(server),
  };
}

async function listen(server: Server, host: string, port: number): Promise<AddressInfo> {
  const listening = Promise.withResolvers<void>();
  server.once("error", (error) => listening.reject(toListenError(error, host, port)));
  server.listen({ host, port }, listening.resolve);
  await listening.promise;
  const address = server.address();
  if (address === null || typeof address === "string")
    throw new CodemodeError("internal", "The server has no port.");
  return address;
}

function toListenError(error: NodeJS.ErrnoException, host: string, port: number): CodemodeError {
  if (error.code === "EADDRINUSE") {
    return new CodemodeError("port_in_use", `Port ${port} on ${host} is taken by another program.`, {
      cause: error,
      hint: "Stop that program, or choose another with --port or server.port; 0 takes a free one.",
      data: { field: "server.port", host, port },
    });
  }
  return new CodemodeError("config_invalid", `Listening on ${host}:${port} failed: ${error.message}.`, {
    cause: error,
    hint: "Check server.host and server.port.",
    data: { field: "server.host", host, port },
  });
}

async function close(server: Server): Promise<void> {
  const closed = Promise.withResolvers<void>();
  server.close(() => closed.resolve());
  server.closeIdleConnections();
  const force = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed.promise;
  clearTimeout(force);
}
