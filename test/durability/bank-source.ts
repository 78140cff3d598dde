/**
 * Banks that take payments, each in a way that makes a host wait between noting a payment down and sending it: for a
 * server to start, for an HTTP session to be opened, for a token.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { startRawHttp } from "../fixtures/mcp/raw-http.ts";

interface BankPolicy {
  readonly policy: "allow-all" | "ask-writes";
}

/** What a host is told of its bank. */
export type BankSource = BankPolicy &
  (
    | { readonly kind: "stdio"; readonly script: string }
    | { readonly kind: "http"; readonly url: string }
    | { readonly kind: "openapi"; readonly url: string; readonly spec: object }
  );

export interface Bank {
  readonly source: BankSource;
  /** How often it was paid. */
  readonly payments: () => number;
  /** From now on whoever wants to pay has to wait on the way. */
  readonly delay: () => void;
  readonly hurry: () => void;
  /** From now on a payment that has come is not answered. */
  readonly hang: () => void;
}

export type BankKind = BankSource["kind"];

export async function openBank(kind: BankKind, folder: string, policy: BankPolicy["policy"]): Promise<Bank> {
  switch (kind) {
    case "stdio":
      return openStdioBank(folder, policy);
    case "http":
      return openHttpBank(policy);
    case "openapi":
      return openApiBank(policy);
  }
}

function openStdioBank(folder: string, policy: BankPolicy["policy"]): Bank {
  const payments = join(folder, "payments");
  return {
    source: { kind: "stdio", policy, script: join(import.meta.dirname, "../fixtures/mcp/paying-stdio.ts") },
    payments: () => (existsSync(payments) ? readFileSync(payments, "utf8").trim().split("\n").length : 0),
    delay: () => writeFileSync(join(folder, "slow"), ""),
    hurry: () => rmSync(join(folder, "slow")),
    hang: () => writeFileSync(join(folder, "hang"), ""),
  };
}

async function openHttpBank(policy: BankPolicy["policy"]): Promise<Bank> {
  let taken = 0;
  let hangs = false;
  const gate = createGate();
  const { url } = await startRawHttp((exchange) => {
    const { method, answer } = exchange;
    if (method === "initialize") return void gate.passed().then(() => answerInitialize(exchange));
    if (method === "tools/list")
      return answer({
        tools: [{ name: "pay", inputSchema: { type: "object", properties: { amount: { type: "number" } } } }],
      });
    if (method !== "tools/call") return false;
    taken += 1;
    return hangs ? undefined : answer({ content: [{ type: "text", text: String(taken) }] });
  });
  return {
    source: { kind: "http", policy, url },
    payments: () => taken,
    ...gate,
    hang: () => (hangs = true),
  };
}

function answerInitialize({ params, answer }: Parameters<Parameters<typeof startRawHttp>[0]>[0]): void {
  answer({
    protocolVersion: params["protocolVersion"],
    capabilities: { tools: {} },
    serverInfo: { name: "bank", version: "1" },
  });
}

async function openApiBank(policy: BankPolicy["policy"]): Promise<Bank> {
  let taken = 0;
  let hangs = false;
  const gate = createGate();
  const server = createServer((request, response) => {
    request.resume().once("end", () => {
      const answer = (body: object): void =>
        void response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
      if (request.url === "/token")
        void gate.passed().then(() => answer({ access_token: "t", expires_in: 60 }));
      else {
        taken += 1;
        if (!hangs) answer({ receipt: taken });
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  return {
    source: { kind: "openapi", policy, url, spec: apiDocument },
    payments: () => taken,
    ...gate,
    hang: () => (hangs = true),
  };
}

const apiDocument = {
  openapi: "3.1.0",
  info: { title: "Bank", version: "1" },
  components: {
    securitySchemes: {
      oauth2: { type: "oauth2", flows: { clientCredentials: { tokenUrl: "/token", scopes: {} } } },
    },
  },
  paths: {
    "/pay": {
      post: {
        operationId: "pay",
        security: [{ oauth2: [] }],
        parameters: [{ name: "amount", in: "query", schema: { type: "number" } }],
        responses: { 200: { description: "", content: { "application/json": { schema: {} } } } },
      },
    },
  },
};

interface Gate {
  readonly passed: () => Promise<void>;
  readonly delay: () => void;
  readonly hurry: () => void;
}

function createGate(): Gate {
  let open = Promise.withResolvers<void>();
  open.resolve();
  return {
    passed: () => open.promise,
    delay: () => void (open = Promise.withResolvers<void>()),
    hurry: () => open.resolve(),
  };
}
