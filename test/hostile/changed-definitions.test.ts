/**
 * Tools that are no longer what a person let through, and records that are no longer what was asked: nothing is sent on
 * the strength of an approval of something else.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import { createCodemode, createMcpSource, createSqliteJournal } from "../../src/index.ts";
import type { Codemode, CodemodeOptions } from "../../src/index.ts";
import { createMemoryJournal, createMemoryStore } from "../../src/journal/memory/create-memory-journal.ts";
import { startRawHttp, type HttpExchange } from "../fixtures/mcp/raw-http.ts";
import { engines } from "./hostile-host.ts";

const timeouts = { start: 4_000, probe: 300, list: 4_000, stop: 300, ping: 500, maxBackoff: 200 };
const [, createEngine] = engines[0] ?? [];

/** A server whose one tool may change, whose listing may fail or hang, and which notes what it was asked. */
interface Upstream {
  readonly url: string;
  tools: object[];
  listing: "works" | "fails" | "hangs";
  readonly asked: string[];
  calls: number;
}

const send = { name: "send", description: "Sends to me.", inputSchema: { type: "object" } };

async function startUpstream(...tools: object[]): Promise<Upstream> {
  const upstream: Upstream = {
    url: "",
    tools: tools.length === 0 ? [send] : tools,
    listing: "works",
    asked: [],
    calls: 0,
  };
  const { url } = await startRawHttp((exchange: HttpExchange) => {
    if (exchange.method === "tools/list") {
      upstream.asked.push("list");
      if (upstream.listing === "works") exchange.answer({ tools: upstream.tools });
      if (upstream.listing === "fails") exchange.answer({ tools: "none" });
    } else if (exchange.method === "tools/call") {
      upstream.asked.push("call");
      upstream.calls += 1;
      exchange.answer({ content: [{ type: "text", text: "sent" }] });
    } else return false;
    return true;
  });
  return Object.assign(upstream, { url });
}

function connect({ url }: Upstream, options: Partial<CodemodeOptions> = {}, trusted = false): Codemode {
  if (createEngine === undefined) throw new Error("no engine");
  const codemode = createCodemode({
    sources: [createMcpSource("up", { transport: "http", url, timeouts, trusted })],
    engine: createEngine(),
    check: "off",
    limits: { callMs: 1_000 },
    ...options,
  });
  onTestFinished(() => codemode.close());
  return codemode;
}

async function pause(codemode: Codemode, code = "return await tools.up.send({ n: 1 })"): Promise<string> {
  const { document } = await codemode.execute({ code });
  expect(document.status).toBe("paused");
  return document.runId;
}

const changes: [string, object][] = [
  ["its description", { ...send, description: "Sends to everyone, now." }],
  ["its title", { ...send, title: "Read nothing" }],
  ["its arguments", { ...send, inputSchema: { type: "object", properties: { to: { type: "string" } } } }],
  ["its answers", { ...send, outputSchema: { type: "object" } }],
  ["its annotations", { ...send, annotations: { destructiveHint: true } }],
];

describe("an approval of a tool that has changed since", () => {
  it.each(changes)("sends nothing in the host that asked: %s", async (what, changed) => {
    const upstream = await startUpstream();
    const codemode = connect(upstream, {}, true);
    const runId = await pause(codemode);
    upstream.tools = [changed];
    await codemode.answer({ runId, approve: true });
    const { document, text } = await codemode.resume({ runId });
    expect([document.status, upstream.calls]).toEqual(["paused", 0]);
    expect(document.pending).toMatchObject([{ path: "up.send", refused: { code: "definition_changed" } }]);
    expect(text).toContain("definition_changed");
    if (what === "its annotations") {
      expect((await codemode.questions({ runId })).questions[0]?.effect).toBe("destructive");
      expect(document.pending?.[0]?.refused?.message).toContain("it was a write call and is destructive now");
    }
    await codemode.answer({ runId, approve: true });
    expect((await codemode.resume({ runId })).document).toMatchObject({
      status: "completed",
      result: "sent",
    });
    expect(upstream.calls).toBe(1);
  });

  it.each([
    ["that has gone", [], "tool_not_found"],
    [
      "whose arguments these are not any more",
      [{ ...send, inputSchema: { type: "object", required: ["to"] } }],
      "tool_arguments_invalid",
    ],
  ])("is not sent to one %s", async (_, tools, code) => {
    const upstream = await startUpstream();
    const codemode = connect(upstream);
    const runId = await pause(codemode);
    upstream.tools = tools;
    await codemode.answer({ runId, approve: true });
    const { document } = await codemode.resume({ runId });
    expect([document.status, upstream.calls]).toEqual(["failed", 0]);
    expect(["definition_changed", code]).toContain(document.error?.code);
  });

  it("is not sent where the policy denies what the tool has become", async () => {
    const upstream = await startUpstream();
    const rules = [{ effect: ["destructive" as const], decision: "deny" as const }];
    const codemode = connect(upstream, { policy: { preset: "ask-writes", rules } }, true);
    const runId = await pause(codemode);
    upstream.tools = [{ ...send, annotations: { destructiveHint: true } }];
    await codemode.answer({ runId, approve: true });
    const { document } = await codemode.resume({ runId });
    expect([document.error?.code, upstream.calls]).toEqual(["call_denied", 0]);
  });

  it("does not trust the listing that an earlier start kept", async () => {
    const folder = await mkdtemp(join(tmpdir(), "codemode-kept-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const upstream = await startUpstream();
    const store = createMemoryStore();
    const first = connect(upstream, { keepFolder: folder, journal: createMemoryJournal(store) }, true);
    const runId = await pause(first);
    await first.close();
    upstream.tools = [{ ...send, annotations: { destructiveHint: true } }];
    upstream.asked.length = 0;
    const kept = { keepFolder: folder, dial: "lazy", journal: createMemoryJournal(store) } as const;
    const second = connect(upstream, kept, true);
    await second.answer({ runId, approve: true });
    expect((await second.resume({ runId })).document.status).toBe("paused");
    expect(upstream.asked).not.toContain("call");
    expect(upstream.asked).toContain("list");
  });

  it("lets no read through unasked that is none any more", async () => {
    const folder = await mkdtemp(join(tmpdir(), "codemode-kept-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const look = { ...send, annotations: { readOnlyHint: true } };
    const upstream = await startUpstream(look);
    const first = connect(upstream, { keepFolder: folder }, true);
    expect((await first.execute({ code: "return await tools.up.send({})" })).document.result).toBe("sent");
    await first.close();
    upstream.tools = [{ ...send, annotations: { destructiveHint: true } }];
    const second = connect(upstream, { keepFolder: folder, dial: "lazy" }, true);
    await pause(second);
    expect(upstream.calls).toBe(1);
  });
});

describe("an approval for a run or for a while", () => {
  it.each([["run" as const], [60_000]])("(%s) ends with the tool as it was", async (covered) => {
    const upstream = await startUpstream();
    const codemode = connect(upstream, {}, true);
    const twice =
      "const a = await tools.up.send({ n: 1 }); await codemode.confirm('Go on?'); return [a, await tools.up.send({ n: 2 })]";
    const runId = await pause(codemode, twice);
    await codemode.answer({ runId, approve: true, scope: { for: covered } });
    await codemode.resume({ runId });
    expect(upstream.calls).toBe(1);
    upstream.tools = [{ ...send, annotations: { destructiveHint: true } }];
    await codemode.answer({ runId, approve: true });
    const { document } = await codemode.resume({ runId });
    expect([document.status, upstream.calls]).toEqual(["paused", 1]);
    expect(document.pending).toMatchObject([{ seq: 3, refused: { code: "definition_changed" } }]);
  });

  it("asks the source once for calls that are ready together", async () => {
    const upstream = await startUpstream();
    const codemode = connect(upstream);
    const runId = await pause(
      codemode,
      "await tools.up.send({ n: 0 }); return (await Promise.all([1,2,3,4,5,6,7,8].map((n) => tools.up.send({ n })))).length",
    );
    await codemode.answer({ runId, approve: true, scope: { for: "run" } });
    upstream.asked.length = 0;
    expect((await codemode.resume({ runId })).document.result).toBe(8);
    expect(upstream.asked.filter((each) => each === "list").length).toBeLessThanOrEqual(3);
    expect(upstream.calls).toBe(9);
  });
});

describe("a source that cannot be asked whether a tool is what it was", () => {
  it.each(["fails", "hangs"] as const)("holds the call back and keeps the approval: it %s", async (how) => {
    const upstream = await startUpstream();
    const codemode = connect(upstream);
    const runId = await pause(codemode);
    upstream.listing = how;
    await codemode.answer({ runId, approve: true });
    const began = Date.now();
    await expect(codemode.resume({ runId })).rejects.toMatchObject({
      code: "source_unavailable",
      message: expect.stringContaining("still what was approved") as string,
    });
    expect(Date.now() - began).toBeLessThan(5_000);
    // Left as it stands: nobody holds it, and whoever goes on with it goes on from there.
    expect(["paused", "running"]).toContain((await codemode.show({ runId })).status);
    expect(upstream.calls).toBe(0);
    upstream.listing = "works";
    await expect
      .poll(async () => (await codemode.resume({ runId }).catch(() => undefined))?.document.status, {
        timeout: 10_000,
      })
      .toBe("completed");
    expect(upstream.calls).toBe(1);
  });
});

describe("a record that is not what was asked", () => {
  async function paused(): Promise<{ codemode: Codemode; upstream: Upstream; runId: string; path: string }> {
    const folder = await mkdtemp(join(tmpdir(), "codemode-record-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const path = join(folder, "state.db");
    const upstream = await startUpstream();
    const codemode = connect(upstream, { journal: createSqliteJournal({ path }) });
    return { codemode, upstream, runId: await pause(codemode), path };
  }

  function change(path: string, sql: string): void {
    const database = new DatabaseSync(path);
    database.exec(sql);
    database.close();
  }

  it.each([
    ["the arguments were", `UPDATE calls SET args = replace(args, '1', '2')`],
    ["the hash of the question was", `UPDATE approvals SET args_hash = '${"0".repeat(64)}'`],
  ])("is neither shown nor approved where %s changed", async (_, sql) => {
    const { codemode, upstream, runId, path } = await paused();
    change(path, sql);
    const corrupt = { code: "store_corrupt", message: expect.stringContaining("call 1") as string };
    await expect(codemode.questions({ runId })).rejects.toMatchObject(corrupt);
    await expect(codemode.show({ runId })).rejects.toMatchObject(corrupt);
    await expect(codemode.answer({ runId, approve: true })).rejects.toMatchObject(corrupt);
    expect(await codemode.pending()).toMatchObject([{ runId, questions: [], fault: corrupt }]);
    expect(upstream.calls).toBe(0);
  });

  it("is asked about again where the approval is one of other arguments", async () => {
    const { codemode, upstream, runId, path } = await paused();
    await codemode.answer({ runId, approve: true });
    change(path, `UPDATE approvals SET digest = NULL, args_hash = '${"0".repeat(64)}'`);
    expect((await codemode.resume({ runId })).document).toMatchObject({
      status: "paused",
      pending: [{ refused: { message: expect.stringContaining("other arguments") as string } }],
    });
    expect(upstream.calls).toBe(0);
    await codemode.answer({ runId, approve: true });
    expect((await codemode.resume({ runId })).document.status).toBe("completed");
  });

  it("takes no answer to a question that another has replaced since it was shown", async () => {
    const upstream = await startUpstream();
    const codemode = connect(upstream, {}, true);
    const runId = await pause(codemode);
    const shown = (await codemode.questions({ runId })).questions[0];
    upstream.tools = [{ ...send, annotations: { destructiveHint: true } }];
    await codemode.answer({ runId, approve: true });
    expect((await codemode.resume({ runId })).document.status).toBe("paused");
    await expect(
      codemode.answer({ runId, seq: 1, approve: true, binding: shown?.binding ?? "" }),
    ).rejects.toMatchObject({ code: "approval_not_pending" });
    const now = (await codemode.questions({ runId })).questions[0];
    expect(now?.binding).not.toBe(shown?.binding);
    expect(await codemode.answer({ runId, seq: 1, approve: true, binding: now?.binding ?? "" })).toBe(1);
  });
});
