/**
 * The MCP endpoint for a web server that the program has already: a function from request to response, with the checks
 * of `Host`, `Origin` and token that `codemode serve` makes, for both eras of the protocol.
 */
import type { Codemode } from "../../index.ts";
import { createRequestGuard, type GuardOptions } from "../http/request-guard.ts";
import { createMcpEndpoint } from "../mcp/create-mcp-endpoint.ts";
import type { McpHttpOptions } from "../mcp/create-mcp-http.ts";

export interface McpHandlerOptions
  extends
    Omit<McpHttpOptions, "surface" | "approvals" | "classic">,
    Pick<GuardOptions, "token" | "allowedHosts" | "allowedOrigins"> {}

/** Answers one request, whatever its path. `parsedBody` is what a middleware has read already. */
export type AnswerMcp = (request: Request, options?: { readonly parsedBody?: unknown }) => Promise<Response>;

export interface McpHandler extends AnswerMcp, AsyncDisposable {
  /** The same function, for adapters that take an object (`toNodeHandler`). */
  readonly fetch: AnswerMcp;
  /** Ends the sessions of the older era; the `Codemode` stays open. */
  close(): Promise<void>;
}

/**
 * Requests to loopback names only, unless `allowedHosts` names others, and from pages of the server's own origin,
 * unless `allowedOrigins` names others. Default: no token.
 */
export function createMcpHandler(
  codemode: Codemode,
  { token, allowedHosts, allowedOrigins, ...options }: McpHandlerOptions = {},
): McpHandler {
  const guard = createRequestGuard({ host: "127.0.0.1", token, allowedHosts, allowedOrigins });
  const mcp = createMcpEndpoint(codemode, options);
  const close = async (): Promise<void> => {
    await mcp[Symbol.asyncDispose]();
  };

  async function answer(
    request: Request,
    { parsedBody }: { readonly parsedBody?: unknown } = {},
  ): Promise<Response> {
    const headers = new Headers(request.headers);
    // Where the platform keeps it from the headers, it has made the URL of it.
    if (!headers.has("host")) headers.set("host", new URL(request.url).host);
    const refusal = guard.refusePlace(headers) ?? guard.refuseToken(headers);
    if (refusal === undefined) return mcp.fetch(withBody(request, parsedBody));
    const { status, message } = refusal;
    const challenge = status === 401 ? { "WWW-Authenticate": 'Bearer realm="codemode"' } : {};
    return Response.json({ error: message }, { status, headers: challenge });
  }

  return Object.assign(answer, { fetch: answer, close, [Symbol.asyncDispose]: close });
}

/** A body that was read is gone: what was made of it is written again. */
function withBody(request: Request, parsedBody: unknown): Request {
  if (!request.bodyUsed || parsedBody === undefined) return request;
  const { method, headers, signal } = request;
  return new Request(request.url, { method, headers, signal, body: JSON.stringify(parsedBody) });
}
