import { createServer } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, onTestFinished, test } from "vitest";
import {
  CodemodeError,
  createCodemode,
  createFunctionsSource,
  createMcpSource,
  createOpenApiSource,
  createWorkerdEngine,
} from "../index.ts";
import type { Codemode, CodemodeOptions, Journal, Source } from "../index.ts";
import { createMemoryJournal, createMemoryStore } from "../journal/memory/create-memory-journal.ts";
import { toIdempotencyKey } from "./idempotency-key.ts";

const open: Codemode[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

function start(sources: Source[], options: Partial<CodemodeOptions> = {}): Codemode {
  const codemode = createCodemode({
    sources,
    engine: createWorkerdEngine(),
    policy: "allow-all",
    check: "off",
    ...options,
  });
  open.push(codemode);
  return codemode;
}

interface Shop {
  readonly url: string;
  /** Orders by their key: an upstream that honours keys. */
  readonly orders: Map<string, number>;
  readonly requests: IncomingHttpHeaders[];
}

async function startShop(): Promise<Shop> {
  const shop = { url: "", orders: new Map<string, number>(), requests: [] as IncomingHttpHeaders[] };
  const server = createServer((request, response) => {
    shop.requests.push(request.headers);
    const key = String(request.headers["idempotency-key"]);
    const known = shop.orders.get(key);
    if (known === undefined) shop.orders.set(key, shop.orders.size + 1);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ id: shop.orders.get(key) }));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => void server.close());
  shop.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return shop;
}

const document = {
  openapi: "3.1.0",
  info: { title: "Shop", version: "1" },
  paths: {
    "/orders": {
      post: { operationId: "order", responses: { 200: { description: "ok" } } },
      get: { operationId: "orders", responses: { 200: { description: "ok" } } },
    },
  },
};

const openShop = (shop: Shop): Source => createOpenApiSource("shop", { spec: document, baseUrl: shop.url });

describe("a key in a header", () => {
  test.each([
    ["of every write", { header: "Idempotency-Key" }],
    ["by glob", { "ord*": { header: "Idempotency-Key" } }],
  ])("goes upstream %s, another for each call, none with a read", async (_what, idempotency) => {
    const shop = await startShop();
    const codemode = start([openShop(shop)], { overrides: { shop: { idempotency } } });
    const { document: run } = await codemode.execute({
      code: "await tools.shop.order(); await tools.shop.order(); await tools.shop.orders(); return 1",
    });
    expect(run.status).toBe("completed");
    const keys = shop.requests.map((headers) => headers["idempotency-key"]);
    const [first, second] = run.writes.map(({ seq }) => toIdempotencyKey(run.runId, seq));
    expect(keys).toEqual([first, second, undefined]);
    expect(first).not.toBe(second);
  });

  test("is not made for a source that sends no header", async () => {
    const keys: unknown[] = [];
    const codemode = start(
      [
        createFunctionsSource("shop", {
          order: { run: (_: unknown, { idempotencyKey }) => keys.push(idempotencyKey) },
        }),
      ],
      { overrides: { shop: { idempotency: { header: "Idempotency-Key" } } } },
    );
    await codemode.execute({ code: "return await tools.shop.order({})" });
    expect(keys).toEqual([undefined]);
  });

  test("is not made for tools that no glob names", async () => {
    const shop = await startShop();
    const idempotency = { "refund*": { header: "Idempotency-Key" } };
    const codemode = start([openShop(shop)], { overrides: { shop: { idempotency } } });
    await codemode.execute({ code: "return await tools.shop.order()" });
    expect(shop.requests[0]).not.toHaveProperty("idempotency-key");
  });
});

describe("a key in an argument", () => {
  test("is filled in where the snippet gives none", async () => {
    const seen: unknown[] = [];
    const codemode = start(
      [
        createFunctionsSource("shop", {
          order: { run: (args: unknown, { idempotencyKey }) => seen.push(args, idempotencyKey) },
        }),
      ],
      { overrides: { shop: { idempotency: { argument: "request_id" } } } },
    );
    const { document: run } = await codemode.execute({
      code: `await tools.shop.order({ a: 1 }); return await tools.shop.order({ request_id: "mine" })`,
    });
    const [first, second] = run.writes.map(({ seq }) => toIdempotencyKey(run.runId, seq));
    expect(seen).toEqual([{ a: 1, request_id: first }, first, { request_id: "mine" }, second]);
  });
});

test("an MCP server over stdio is sent the key in the argument that the operator names", async () => {
  const script = join(import.meta.dirname, "../../test/fixtures/mcp/keyed-stdio.ts");
  const source = createMcpSource("keyed", { transport: "stdio", command: process.execPath, args: [script] });
  const codemode = start([source], { overrides: { keyed: { idempotency: { argument: "request_id" } } } });
  const { document: run } = await codemode.execute({
    code: "await tools.keyed.order({}); return JSON.stringify(await tools.keyed.order({}))",
  });
  expect(run.status).toBe("completed");
  for (const { seq } of run.writes) expect(run.result).toContain(toIdempotencyKey(run.runId, seq));
});

describe("a host that dies while a write is under way", () => {
  /** The order reaches the shop; the host is gone before the answer is on disk, and another one recovers. */
  async function crash(overrides: NonNullable<CodemodeOptions["overrides"]>) {
    const shop = await startShop();
    const store = createMemoryStore();
    const alive = createMemoryJournal(store);
    let dead = false;
    const dying: Journal = {
      ...alive,
      commit: async (lease, batch) => {
        if (dead) throw new CodemodeError("lease_lost", "The host is dead.");
        await alive.commit(lease, batch);
        dead = batch.calls?.some(({ state, effect }) => state === "started" && effect === "write") === true;
      },
    };
    await start([openShop(shop)], { journal: dying, overrides })
      .execute({ code: "return await tools.shop.order()" })
      .catch(() => undefined);
    expect(shop.orders.size).toBe(1);
    const next = start([openShop(shop)], { journal: createMemoryJournal(store), overrides });
    await next.recover();
    const [run] = await next.runs();
    return { shop, document: await next.show({ runId: run?.runId ?? "" }) };
  }

  test("leaves a call that the next host sends again under the same key, which counts once", async () => {
    const { shop, document: run } = await crash({ shop: { idempotency: { header: "Idempotency-Key" } } });
    expect(run).toMatchObject({ status: "completed", result: { id: 1 } });
    expect(shop.requests).toHaveLength(2);
    expect(shop.orders.size).toBe(1);
  });

  test("leaves a call in doubt where no key is sent", async () => {
    const { shop, document: run } = await crash({});
    expect(run).toMatchObject({ status: "paused", pending: [{ kind: "in_doubt", path: "shop.order" }] });
    expect(shop.requests).toHaveLength(1);
  });
});

test("a source that was told its header itself needs no rule", async () => {
  const shop = await startShop();
  const source = createOpenApiSource("shop", {
    spec: document,
    baseUrl: shop.url,
    idempotencyHeader: "Idempotency-Key",
  });
  const { document: run } = await start([source]).execute({ code: "return await tools.shop.order()" });
  expect(shop.requests[0]?.["idempotency-key"]).toBe(toIdempotencyKey(run.runId, run.writes[0]?.seq ?? 0));
});
