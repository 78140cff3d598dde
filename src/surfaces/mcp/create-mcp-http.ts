/**
 * The MCP endpoint over HTTP as a function from request to response: the 2026-07-28 revision with a server
 * for each request, the `initialize` era with a server for each session. Who may call it at all is decided
 * before it.
 */
import {
  CLIENT_INFO_META_KEY,
  createMcpHandler,
  isInitializeRequest,
  isJsonContentType,
  isLegacyRequest,
  legacyStatelessFallback,
  readRequestBody,
} from "@modelcontextprotocol/server";
import type { AuthInfo, Server } from "@modelcontextprotocol/server";
import type { Codemode } from "../../index.ts";
import { createMcpServer } from "./create-mcp-server.ts";
import type { McpServerOptions } from "./create-mcp-server.ts";
import { readMessage } from "./exact-arguments.ts";
import { LegacySessions } from "./legacy-sessions.ts";
import { OpenStreams } from "./open-streams.ts";
import { toInstructions } from "./to-instructions.ts";
import { settledSoon } from "./settled-soon.ts";

export interface McpHttpOptions extends McpServerOptions {
  /** Sessions of the `initialize` era at once, and as many streams of the newer. Default 256. */
  readonly maxSessions?: number;
  /** Milliseconds after which an unused session ends. Default 30 minutes. */
  readonly idleMs?: number;
  /** Bytes of one request's body. Default 4 MiB. */
  readonly maxBodyBytes?: number;
  readonly onError?: (error: Error) => void;
}

/** Where a request comes from. */
export interface McpFrom {
  /** The same for every request of one peer. Default: all are of one. */
  readonly peer?: string | undefined;
}

export interface McpHttp extends AsyncDisposable {
  fetch(request: Request, from?: McpFrom): Promise<Response>;
  /** Sessions of the `initialize` era open now. */
  readonly sessions: number;
}

export function createMcpHttp(codemode: Codemode, options: McpHttpOptions = {}): McpHttp {
  const {
    maxSessions = 256,
    idleMs = 30 * 60_000,
    maxBodyBytes = 4 * 2 ** 20,
    onError,
    ...serverOptions
  } = options;
  const known = settledSoon(codemode);
  /** Of a large fleet they take a while to write, and every request of the newer era has a server of its own. */
  let instructions: string | undefined;
  const showsTools = options.classic === true || (options.passthrough ?? []).length > 0;
  const forgetting = codemode.onChange(() => {
    instructions = undefined;
    if (!showsTools) return;
    modern.notify.toolsChanged();
    sessions.tellToolsChanged();
  });
  const changes = options.surface?.onChange(() => {
    modern.notify.toolsChanged();
    sessions.tellToolsChanged();
  });
  const createServer = async (): Promise<Server> => {
    await known;
    instructions ??= toInstructions(codemode);
    return createMcpServer(codemode, { instructions, ...serverOptions });
  };
  const modern = createMcpHandler(createServer, {
    legacy: "reject",
    // Never reached: one is ended for another before.
    maxSubscriptions: maxSessions + 1,
    ...(onError === undefined ? {} : { onerror: onError }),
  });
  const stateless = legacyStatelessFallback(createServer, onError);
  const sessions = new LegacySessions({ createServer, maxSessions, idleMs });
  const streams = new OpenStreams(maxSessions);

  async function handleLegacy(request: Request, parsedBody: unknown, peer: string): Promise<Response> {
    const id = request.headers.get("mcp-session-id");
    const given = { authInfo: toAuthInfo(peer), ...(parsedBody === undefined ? {} : { parsedBody }) };
    if (id !== null) {
      const response = await sessions.handle(id, request, { parsedBody, ...given });
      return response ?? refusal(404, -32_001, "This session has ended: initialize a new one.");
    }
    if (!isInitializeRequest(parsedBody)) return stateless(request, given);
    const { name } = parsedBody.params.clientInfo;
    const response = await sessions.open(request, { parsedBody, ...given }, toOwner(peer, name));
    return (
      response ??
      refusal(503, -32_000, `All ${maxSessions} sessions have a request under way; try again later.`)
    );
  }

  return {
    get sessions() {
      return sessions.size;
    },
    fetch: async (request, { peer = "" } = {}) => {
      if (request.method !== "POST") return handleLegacy(request, undefined, peer);
      const body = await readBody(request, maxBodyBytes);
      if (body instanceof Response) return body;
      if (await isLegacyRequest(request, body.value)) return handleLegacy(request, body.value, peer);
      const answer = (asked: Request): Promise<Response> =>
        modern.fetch(asked, { parsedBody: body.value, authInfo: toAuthInfo(peer) });
      const listener = toListener(body.value);
      return listener === undefined
        ? answer(request)
        : streams.open(request, toOwner(peer, listener), answer);
    },
    [Symbol.asyncDispose]: async () => {
      forgetting[Symbol.dispose]();
      changes?.[Symbol.dispose]();
      await Promise.allSettled([modern.close(), sessions[Symbol.asyncDispose]()]);
    },
  };
}

/** How the peer reaches the handlers of a server: as the SDK passes on who was let in. */
function toAuthInfo(peer: string): AuthInfo {
  return { token: "", clientId: peer, scopes: [] };
}

function toOwner(peer: string, client: string): string {
  return JSON.stringify([peer, client]);
}

/** The name of the client that asks for a stream to listen on; `undefined` for any other request. */
function toListener(body: unknown): string | undefined {
  const { method, params } = Object(body);
  if (method !== "subscriptions/listen") return undefined;
  return String(Object(Object(Object(params)["_meta"])[CLIENT_INFO_META_KEY])["name"] ?? "");
}

/** The body as JSON, or the answer that refuses it. */
async function readBody(request: Request, maxBytes: number): Promise<{ readonly value: unknown } | Response> {
  if (!isJsonContentType(request.headers.get("content-type"))) {
    return refusal(415, -32_000, "The Content-Type must be application/json.");
  }
  try {
    const read = await readRequestBody(request, maxBytes);
    if (read.tooLarge) return refusal(413, -32_000, `The body is larger than ${maxBytes} bytes.`);
    const { message, refusal: refused } = readMessage(read.text);
    return refused === undefined ? { value: message } : Response.json(refused, { status: 400 });
  } catch {
    return refusal(400, -32_700, "The body could not be read as JSON.");
  }
}

function refusal(status: number, code: number, message: string): Response {
  return Response.json({ jsonrpc: "2.0", id: null, error: { code, message } }, { status });
}
