/**
 * `@cloudflare/codemode`: its own connectors, given the document, asked for their TypeScript. The package is
 * made for Workers; of `cloudflare:workers` it needs base classes only, which are stood in for.
 */
import { registerHooks } from "node:module";
import { type Document, mcpToolsOf, readDocument } from "../documents.ts";
import type { Rendered } from "./rendered.ts";

const workers =
  "export class WorkerEntrypoint { constructor(ctx, env) { this.ctx = ctx; this.env = env; } }\n" +
  "export class DurableObject extends WorkerEntrypoint {}\nexport class RpcTarget {}\nexport const exports = {};\n";

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === "cloudflare:workers"
      ? { url: `data:text/javascript,${encodeURIComponent(workers)}`, shortCircuit: true }
      : next(specifier, context),
});

interface Connector {
  describe(): Promise<{ readonly descriptors: object }>;
  getTypeScriptTypes(): Promise<string>;
}

type ConnectorClass = new (ctx: object, env: object) => Connector;

export async function renderCloudflareCodemode(document: Document): Promise<Rendered> {
  const { McpConnector, OpenApiConnector } = (await import("@cloudflare/codemode")) as unknown as {
    readonly McpConnector: ConnectorClass;
    readonly OpenApiConnector: ConnectorClass;
  };
  const parsed = readDocument(document);
  const Base = document.kind === "mcp" ? McpConnector : OpenApiConnector;
  class Given extends Base {
    name(): string {
      return "codemode";
    }
    createConnection(): object {
      return { tools: mcpToolsOf(document), client: {} };
    }
    async spec(): Promise<unknown> {
      return parsed;
    }
  }
  const began = performance.now();
  const connector = new Given({}, {});
  const text = await connector.getTypeScriptTypes();
  const ms = performance.now() - began;
  const { descriptors } = await connector.describe();
  const escapeHatches = document.kind === "openapi" ? 1 : 0;
  return { files: { "source.d.ts": text }, tools: Object.keys(descriptors).length - escapeHatches, ms };
}
