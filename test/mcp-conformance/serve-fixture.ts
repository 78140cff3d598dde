/**
 * The gateway as the conformance suite meets it: the fixture server behind it, all of whose tools stand natively beside
 * search and execute.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { createCodemode, createMcpSource, createQuickJsEngine } from "../../src/index.ts";
import { startHttpServer } from "../../src/surfaces/http/start-http-server.ts";
import { createMcpEndpoint } from "../../src/surfaces/mcp/create-mcp-endpoint.ts";
import { createRequestStateSealer } from "../../src/surfaces/mcp/request-state.ts";

export interface ServedFixture extends AsyncDisposable {
  readonly url: string;
}

export async function serveFixture(): Promise<ServedFixture> {
  const source = createMcpSource("fixture", {
    transport: "stdio",
    command: process.execPath,
    args: [join(import.meta.dirname, "fixture-server.ts")],
    relay: { elicitation: true, sampling: true },
  });
  const codemode = createCodemode({
    sources: [source],
    engine: createQuickJsEngine(),
    policy: "allow-all",
  });
  await codemode.catalog({ fresh: true });
  const mcp = createMcpEndpoint(codemode, {
    passthrough: ["fixture.*"],
    approvals: { sealer: createRequestStateSealer({ key: randomBytes(32) }) },
  });
  const server = await startHttpServer({ port: 0, mcp: (request) => mcp.fetch(request) });
  return {
    url: `${server.url}/mcp`,
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await mcp[Symbol.asyncDispose]();
      await codemode.close();
    },
  };
}
