/**
 * One MCP endpoint over HTTP with two faces: Code Mode, and for requests with `?codemode=false` every tool as it is.
 */
import type { Codemode } from "../../index.ts";
import { createMcpHttp, type McpHttp, type McpHttpOptions } from "./create-mcp-http.ts";

export type McpEndpoint = Pick<McpHttp, "fetch"> & AsyncDisposable;

export function createMcpEndpoint(codemode: Codemode, options: McpHttpOptions = {}): McpEndpoint {
  const coding = createMcpHttp(codemode, options);
  let classic: McpHttp | undefined;
  return {
    fetch: (request, from) => {
      if (new URL(request.url).searchParams.get("codemode") !== "false") return coding.fetch(request, from);
      classic ??= createMcpHttp(codemode, { ...options, classic: true });
      return classic.fetch(request, from);
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.allSettled([coding[Symbol.asyncDispose](), classic?.[Symbol.asyncDispose]()]);
    },
  };
}
