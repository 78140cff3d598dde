/**
 * Reads of a source with `replay: "reexecute"`: only the hash of what they answered is kept, a resumed run makes them
 * again, and goes on only where they answer the same.
 */
import { createHash } from "node:crypto";
import { describe, expect, it, onTestFinished } from "vitest";
import { createCodemode } from "../codemode.ts";
import type { CodemodeOptions } from "../codemode-options.ts";
import { createFunctionsSource } from "../connectors/functions/create-functions-source.ts";
import { createMemoryJournal, createMemoryStore } from "../journal/memory/create-memory-journal.ts";
import { createQuickJsEngine } from "../sandbox/quickjs/create-quickjs-engine.ts";
import { CodemodeError } from "../errors.ts";
import type { Codemode } from "../spec/codemode.ts";
import type { CallRow } from "../spec/journal.ts";
import type { Effect } from "../spec/tool.ts";
import type { Json } from "../spec/value.ts";

const input = { type: "object" } as const;
const reexecute = { s: { replay: "reexecute" } } as const;

interface World {
  /** What each tool was sent, in order. */
  readonly sent: [tool: string, args: unknown][];
  /** What `read` answers, and after how long. */
  answer: (args: { n?: number }) => Json | Promise<Json>;
  /** What `s.read` does, as its source says. */
  effect: Effect;
  readonly open: (options?: Partial<CodemodeOptions>) => Codemode;
  readonly calls: (runId: string) => Promise<readonly CallRow[]>;
}

function createWorld(): World {
  const store = createMemoryStore();
  const world: World = {
    sent: [],
    answer: ({ n = 0 }) => ({ n, text: "x".repeat(100) }),
    effect: "read",
    calls: (runId) => createMemoryJournal(store).calls(runId),
    open: (options = {}) => {
      const tool = (name: string, effect: Effect, run: (args: object) => unknown): object => ({
        description: "Does.",
        effect,
        input,
        run: (args: object) => {
          world.sent.push([name, args]);
          return run(args);
        },
      });
      const source = createFunctionsSource("s", {
        read: tool("read", world.effect, (args) => world.answer(args)),
        write: tool("write", "write", () => "written"),
        asked: tool("asked", "write", () => "asked"),
        looked: tool("looked", "read", () => "looked"),
      } as Parameters<typeof createFunctionsSource>[1]);
      const codemode = createCodemode({
        sources: [source],
        engine: createQuickJsEngine({ prewarm: 1 }),
        check: "off",
        policy: ({ tool: { path } }) => ({
          decision: path === "s.asked" || path === "s.looked" ? "ask" : "allow",
          reason: "test",
        }),
        journal: createMemoryJournal(store),
        overrides: reexecute,
        ...options,
      });
      onTestFinished(() => codemode.close());
      return codemode;
    },
  };
  return world;
}

const pausing = "const first = await tools.s.read({ n: 1 }); return [first, await tools.s.asked({ first })];";

async function pausedRun(world: World, code = pausing): Promise<string> {
  const codemode = world.open();
  const { document } = await codemode.execute({ code });
  expect(document.status).toBe("paused");
  await codemode.answer({ runId: document.runId, approve: true });
  world.sent.length = 0;
  return document.runId;
}

describe("the record", () => {
  it.each([
    ["with replay: reexecute, the hash of an answer only", reexecute, true],
    ["without it, the answer", {}, false],
  ])("keeps %s", async (_, overrides, isHash) => {
    const world = createWorld();
    const { document } = await world
      .open({ overrides })
      .execute({ code: "return [await tools.s.read({}), await tools.s.write({})]" });
    expect(document.status).toBe("completed");
    const [read, write] = await world.calls(document.runId);
    const outcome = `+${JSON.stringify({ n: 0, text: "x".repeat(100) })}`;
    const hash = createHash("sha256").update(outcome).digest("hex");
    expect(read).toMatchObject(isHash ? { outcomeHash: hash } : { outcome });
    expect(read).not.toHaveProperty(isHash ? "outcome" : "outcomeHash");
    expect(write).toMatchObject({ outcome: '+"written"' });
  });

  it("is the same where the source itself says so", async () => {
    const world = createWorld();
    const source = createFunctionsSource("s", {
      read: { description: "Reads.", effect: "read", input, run: () => "large" },
    });
    const codemode = world.open({ sources: [{ ...source, replay: "reexecute" }], overrides: {} });
    const { document } = await codemode.execute({ code: "return await tools.s.read({})" });
    expect((await world.calls(document.runId))[0]).not.toHaveProperty("outcome");
  });

  it("keeps a failure whole, and does not make the call again", async () => {
    const world = createWorld();
    world.answer = () => Promise.reject(new CodemodeError("tool_failed", "No such document."));
    const runId = await pausedRun(
      world,
      "const why = await tools.s.read({}).catch((error) => error.message); await tools.s.asked({}); return why",
    );
    expect((await world.calls(runId))[0]?.outcome).toContain("No such document.");
    const { document } = await world.open().resume({ runId });
    expect(document).toMatchObject({ status: "completed", result: "No such document." });
    expect(world.sent).toEqual([["asked", {}]]);
  });

  it("keeps what a person let through whole: it is never made again", async () => {
    const world = createWorld();
    const runId = await pausedRun(world, "return [await tools.s.looked({}), await tools.s.asked({})]");
    const first = await world.open().resume({ runId });
    expect(first.document.status).toBe("paused");
    expect(world.sent).toEqual([["looked", {}]]);
    expect((await world.calls(runId))[0]).toMatchObject({ outcome: '+"looked"' });
    const codemode = world.open();
    await codemode.answer({ runId, approve: true });
    expect((await codemode.resume({ runId })).document.status).toBe("completed");
    expect(world.sent).toEqual([
      ["looked", {}],
      ["asked", {}],
    ]);
  });
});

describe("a resumed run", () => {
  it("makes the reads again and goes on where they answer the same", async () => {
    const world = createWorld();
    const runId = await pausedRun(world);
    const { document } = await world.open().resume({ runId });
    const first = { n: 1, text: "x".repeat(100) };
    expect(document).toMatchObject({ status: "completed", result: [first, "asked"] });
    expect(world.sent).toEqual([
      ["read", { n: 1 }],
      ["asked", { first }],
    ]);
    expect((await world.calls(runId))[0]).toMatchObject({ seq: 1, delivered: 1, state: "done" });
  });

  it.each([
    ["another value", () => "other"],
    ["the same with its keys in another order", () => ({ text: "x".repeat(100), n: 1 })],
    ["nothing", () => null],
  ])("ends as diverged, with nothing sent, when one answers %s", async (_, answer) => {
    const world = createWorld();
    const runId = await pausedRun(world);
    world.answer = answer;
    const { document } = await world.open().resume({ runId });
    expect(document).toMatchObject({ status: "failed", error: { code: "run_diverged" } });
    expect(document.error?.message).toMatch(
      /^Call 1 of the replay, s\.read\(\{"n":1\}\), was made again and answers otherwise: .* was [0-9a-f]{64} then, and is [0-9a-f]{64} now\. Nothing new was sent\.$/,
    );
    expect(world.sent).toEqual([["read", { n: 1 }]]);
  });

  it("does not let the snippet catch that", async () => {
    const world = createWorld();
    const runId = await pausedRun(
      world,
      "await tools.s.read({}).catch(() => 0); await Promise.allSettled([tools.s.asked({})]); return await tools.s.write({})",
    );
    world.answer = () => "other";
    const { document } = await world.open().resume({ runId });
    expect(document).toMatchObject({ status: "failed", error: { code: "run_diverged" } });
    expect(world.sent).toEqual([["read", {}]]);
  });

  it.each([
    ["cannot be reached", "source_unavailable"],
    ["takes too long", "source_timeout"],
    ["says that it fails", "tool_failed"],
  ] as const)("stays as it stands while its source %s", async (_, code) => {
    const world = createWorld();
    const { answer } = world;
    const runId = await pausedRun(world);
    world.answer = () => Promise.reject(new CodemodeError(code, "Not today."));
    await expect(world.open().resume({ runId })).rejects.toMatchObject({
      code: "source_unavailable",
      message: expect.stringContaining("tools.s.read") as string,
      data: { runId },
    });
    expect(await world.open().show({ runId })).toMatchObject({ status: "paused" });
    expect(world.sent).toEqual([["read", { n: 1 }]]);
    world.answer = answer;
    expect((await world.open().resume({ runId })).document.status).toBe("completed");
    expect(world.sent.filter(([tool]) => tool === "asked")).toHaveLength(1);
  });

  it("does not send what has become a write since", async () => {
    const world = createWorld();
    const runId = await pausedRun(world);
    world.effect = "write";
    await expect(world.open().resume({ runId })).rejects.toMatchObject({
      code: "run_unresumable",
      data: { runId },
    });
    expect(await world.open().show({ runId })).toMatchObject({ status: "paused" });
    expect(world.sent).toEqual([]);
  });

  it.each([[1], [64]])(
    "gives answers in the order of the first time, whatever the order now, %i in flight",
    async (callsInFlight) => {
      const world = createWorld();
      const delays = [30, 15, 0];
      const after = (order: number[]): World["answer"] => {
        return ({ n = 0 }) => new Promise((done) => setTimeout(() => done(n), order[n]));
      };
      world.answer = after(delays);
      const order = `const seen = [];
        await Promise.all([0, 1, 2].map((n) => tools.s.read({ n }).then((got) => seen.push(got))));
        await tools.s.asked({ seen }); return seen`;
      const codemode = world.open({ limits: { callsInFlight } });
      const { document } = await codemode.execute({ code: order });
      const { runId } = document;
      await codemode.answer({ runId, approve: true });
      world.sent.length = 0;
      world.answer = after(delays.toReversed());
      const again = await world.open({ limits: { callsInFlight } }).resume({ runId });
      const seen = callsInFlight === 1 ? [0, 1, 2] : [2, 1, 0];
      expect(again.document).toMatchObject({ status: "completed", result: seen });
      expect(world.sent.at(-1)).toEqual(["asked", { seen }]);
      expect(world.sent).toHaveLength(4);
    },
  );

  it("counts what it did before towards its calls", async () => {
    const world = createWorld();
    const code =
      "await tools.s.read({}); await tools.s.asked({}); return await tools.s.read({}).catch((error) => error.code)";
    const results = await Promise.all(
      [2, 3].map(async (calls) => {
        const codemode = world.open({ limits: { calls } });
        const { runId } = (await codemode.execute({ code })).document;
        await codemode.answer({ runId, approve: true });
        return (await world.open({ limits: { calls } }).resume({ runId })).document.result;
      }),
    );
    expect(results).toEqual(["call_limit", { n: 0, text: "x".repeat(100) }]);
  });
});

it("cannot be replayed offline, and says why", async () => {
  const world = createWorld();
  const runId = await pausedRun(world);
  await expect(world.open().replay({ runId })).rejects.toMatchObject({
    code: "run_unresumable",
    message: expect.stringContaining("call 1, tools.s.read") as string,
  });
  expect(world.sent).toEqual([]);
});
