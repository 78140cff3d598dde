/**
 * The MCP endpoint over HTTP as a function from request to response: the 2026-07-28 revision with a server
 * for each request, the `initialize` era with a server for each session. Who may call it at all is decided
 * before it.
 */
import {
  createMcpHandler,
  isInitializeRequest,
  isJsonContentType,
  isLegacyRequest,
  legacyStatelessFallback,
  readRequestBody,
} from "@modelcontextprotocol/server";
import type { Server } from "@modelcontextprotocol/server";
import type { Codemode } from "../../index.ts";
import { createMcpServer } from "./create-mcp-server.ts";
import type { McpServerOptions } from "./create-mcp-server.ts";
import { LegacySessions } from "./legacy-sessions.ts";
import { toInstructions } from "./to-instructions.ts";
import { settledSoon } from "./settled-soon.ts";

export interface McpHttpOptions extends McpServerOptions {
  /** Sessions of the `initialize` era at once. Default 256. */
  readonly maxSessions?: number;
  /** Milliseconds after which an unused session ends. Default 30 minutes. */
  readonly idleMs?: number;
  /** Bytes of one request's body. Default 4 MiB. */
  readonly maxBodyBytes?: number;
  readonly onError?: (error: Error) => void;
}

export interface McpHttp extends AsyncDisposable {
  fetch(request: Request): Promise<Response>;
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
    maxSubscriptions: maxSessions,
    ...(onError === undefined ? {} : { onerror: onError }),
  });
  const stateless = legacyStatelessFallback(createServer, onError);
  const sessions = new LegacySessions({ createServer, maxSessions, idleMs });

  async function handleLegacy(request: Request, parsedBody: unknown): Promise<Response> {
    const id = request.headers.get("mcp-session-id");
    if (id !== null) {
      const response = await sessions.handle(id, request, parsedBody);
      return response ?? refusal(404, -32_001, "This session has ended: initialize a new one.");
    }
    if (!isInitializeRequest(parsedBody))
      return stateless(request, parsedBody === undefined ? {} : { parsedBody });
    const response = await sessions.open(request, parsedBody);
    return response ?? refusal(503, -32_000, `All ${maxSessions} sessions are in use; try again later.`);
  }

  return {
    get sessions() {
      return sessions.size;
    },
    fetch: async (request) => {
      if (request.method !== "POST") return handleLegacy(request, undefined);
      const body = await readBody(request, maxBodyBytes);
      if (body instanceof Response) return body;
      if (await isLegacyRequest(request, body.value)) return handleLegacy(request, body.value);
      return modern.fetch(request, { parsedBody: body.value });
    },
    [Symbol.asyncDispose]: async () => {
      forgetting[Symbol.dispose]();
      changes?.[Symbol.dispose]();
      await Promise.allSettled([modern.close(), sessions[Symbol.asyncDispose]()]);
    },
  };
}

/** The body as JSON, or the answer that refuses it. */
async function readBody(request: Request, maxBytes: number): Promise<{ readonly value: unknown } | Response> {
  if (!isJsonContentType(request.headers.get("content-type"))) {
    return refusal(415, -32_000, "The Content-Type must be application/json.");
  }
  try {
    const read = await readRequestBody(request, maxBytes);
    if (read.tooLarge) return refusal(413, -32_000, `The body is larger than ${maxBytes} bytes.`);
    return { value: JSON.parse(read.text) };
  } catch {
    return refusal(400, -32_700, "The body could not be read as JSON.");
  }
}

function refusal(status: number, code: number, message: string): Response {
  return Response.json({ jsonrpc: "2.0", id: null, error: { code, message } }, { status });
}
