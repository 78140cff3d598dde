/**
 * Replays over the record, and closures of `codemode.step`: done once, whatever happens around them.
 */
import { describe, expect, it, onTestFinished } from "vitest";
import { createCodemode } from "../codemode.ts";
import { createFunctionsSource } from "../connectors/functions/create-functions-source.ts";
import { createMemoryJournal, createMemoryStore } from "../journal/memory/create-memory-journal.ts";
import { createQuickJsEngine } from "../sandbox/quickjs/create-quickjs-engine.ts";
import { createWorkerdEngine } from "../sandbox/workerd/create-workerd-engine.ts";
import type { Codemode } from "../spec/codemode.ts";
import type { Engine } from "../spec/engine.ts";

const input = { type: "object" } as const;

function createWorld(createEngine: () => Engine = () => createQuickJsEngine({ prewarm: 1 })): {
  readonly sent: unknown[];
  readonly store: ReturnType<typeof createMemoryStore>;
  readonly open: (sources?: "none") => Codemode;
} {
  const sent: unknown[] = [];
  const store = createMemoryStore();
  const tool = (effect: "read" | "write") => ({
    description: "Does.",
    effect,
    input,
    run: (args: unknown) => {
      sent.push(args);
      if ((args as { fail?: boolean }).fail === true) throw new Error("failed");
      return sent.length;
    },
  });
  const open = (sources?: "none"): Codemode => {
    const codemode = createCodemode({
      sources:
        sources === "none"
          ? []
          : [createFunctionsSource("s", { read: tool("read"), write: tool("write"), asked: tool("write") })],
      engine: createEngine(),
      check: "off",
      policy: ({ tool: { path } }) => ({ decision: path === "s.asked" ? "ask" : "allow", reason: "test" }),
      journal: createMemoryJournal(store),
    });
    onTestFinished(() => codemode.close());
    return codemode;
  };
  return { sent, store, open };
}

const snippet = `const first = await Promise.all([tools.s.read({ n: 1 }), tools.s.write({ n: 2 })]);
  await new Promise((resolve) => setTimeout(resolve, 3));
  const caught = await tools.s.read({ fail: true }).catch((error) => error.code);
  console.log("seen", first, caught, Math.random());
  return { first, caught, at: Date.now(), id: crypto.randomUUID() };`;

describe("a replay", () => {
  it.each([
    ["workerd", () => createWorkerdEngine({ prewarm: 1 })],
    ["quickjs", () => createQuickJsEngine({ prewarm: 1 })],
  ])(
    "on %s gives what the run gave, without any source, and sends and writes nothing",
    async (_, createEngine) => {
      const { sent, store, open } = createWorld(createEngine);
      const { document } = await open().execute({ code: snippet });
      expect(document.status).toBe("completed");
      const before = structuredClone(store.runs);
      sent.length = 0;
      const again = await open("none").replay({ runId: document.runId });
      expect({ ...again.document, timings: document.timings }).toEqual(document);
      expect(sent).toEqual([]);
      expect(store.runs).toEqual(before);
    },
  );

  it("of a paused run stops where it paused", async () => {
    const { sent, open } = createWorld();
    const { document } = await open().execute({
      code: "console.log(await tools.s.read({})); return await tools.s.asked({})",
    });
    sent.length = 0;
    const again = await open("none").replay({ runId: document.runId });
    expect(again.document).toMatchObject({
      status: "paused",
      pending: [{ path: "s.asked" }],
      logs: document.logs,
    });
    expect(sent).toEqual([]);
  });

  it("of a run that failed fails as it did", async () => {
    const { open } = createWorld();
    const { document } = await open().execute({ code: "await tools.s.read({});\nthrow new Error('mine')" });
    const again = await open("none").replay({ runId: document.runId });
    expect(again.document).toMatchObject({ status: "failed", error: document.error });
  });

  it.each([
    [
      "another argument",
      (row: { args: string; argsHash: string }) => ({ ...row, args: '[{"n":9}]', argsHash: "0" }),
      /Call 1 .*tool s\.read\(\{"n":9\}\) then, tool s\.read\(\{"n":1\}\) now/,
    ],
    [
      "another tool",
      (row: object) => ({ ...row, path: "s.other" }),
      /Call 1 .*s\.other.* then, tool s\.read/,
    ],
    ["another outcome", (row: object) => ({ ...row, outcome: "+7" }), /had returned .* its replay/],
  ])("names the call and the difference: %s", async (_, change, message) => {
    const { sent, store, open } = createWorld();
    const { document } = await open().execute({ code: "return [await tools.s.read({ n: 1 })]" });
    sent.length = 0;
    const calls = store.runs.get(document.runId)?.calls;
    const row = calls?.get(1);
    if (row === undefined) throw new Error("no call");
    calls?.set(1, { ...row, ...change(row) });
    await expect(open("none").replay({ runId: document.runId })).rejects.toMatchObject({
      code: "run_diverged",
      message: expect.stringMatching(message) as string,
    });
    expect(sent).toEqual([]);
  });

  it("is of one's own runs only", async () => {
    const { open } = createWorld();
    const codemode = open();
    const { document } = await codemode.execute({ code: "return 1" });
    await expect(codemode.replay({ runId: document.runId, principal: "mallory" })).rejects.toMatchObject({
      code: "run_not_found",
    });
  });
});

describe("codemode.step", () => {
  const stepped = `const made = await codemode.step("make", async () => (await tools.s.write({ n: 1 })) + Math.random());
    const same = await codemode.step("make", async () => codemode.step("inner", () => tools.s.write({ n: 2 })));
    const failed = await codemode.step("fails", () => tools.s.write({ fail: true })).catch((error) => error.code);
    console.log(made, same, failed);
    const asked = await codemode.step("asks", async () => {
      const before = await tools.s.write({ n: 3 });
      return [before, await tools.s.asked({}), await tools.s.write({ n: 4 })];
    });
    return [made, same, failed, asked];`;

  it("does what is in it once, under one name or two, nested, and across a pause inside it", async () => {
    const { sent, open } = createWorld();
    const first = open();
    const { document } = await first.execute({ code: stepped });
    expect(document.status).toBe("paused");
    expect(sent).toEqual([{ n: 1 }, { n: 2 }, { fail: true }, { n: 3 }]);
    await first.close();
    const second = open();
    await second.answer({ runId: document.runId, approve: true });
    const ended = await second.resume({ runId: document.runId });
    expect(ended.document.status).toBe("completed");
    expect(ended.document.logs).toEqual(document.logs);
    expect(sent).toEqual([{ n: 1 }, { n: 2 }, { fail: true }, { n: 3 }, {}, { n: 4 }]);
    const again = await open("none").replay({ runId: document.runId });
    expect(again.document.result).toEqual(ended.document.result);
    expect(sent).toHaveLength(6);
  });

  it("goes on from where its host died inside it, and asks about what nobody knows", async () => {
    const { sent, store, open } = createWorld();
    const first = open();
    const { document } = await first.execute({ code: stepped });
    await first.close();
    // As a host leaves it that died after sending the step's third write.
    const run = store.runs.get(document.runId);
    const row = run?.calls.get(4);
    if (run === undefined || row === undefined) throw new Error("no call");
    const { outcome: _, delivered: __, now: ___, settledAt: ____, ...started } = row;
    run.calls.set(4, { ...started, state: "started" });
    run.approvals.clear();
    run.calls.delete(5);
    sent.length = 0;
    const second = open();
    const asked = await second.resume({ runId: document.runId });
    expect(asked.document).toMatchObject({
      status: "paused",
      pending: [{ kind: "in_doubt", args: { n: 3 } }],
    });
    await second.answer({ runId: document.runId, approve: true, value: 33 });
    await second.resume({ runId: document.runId });
    await second.answer({ runId: document.runId, approve: true });
    const ended = await second.resume({ runId: document.runId });
    expect(ended.document.result).toMatchObject(
      [{}, {}, "tool_failed", [33, 1, 2]].map((each) =>
        typeof each === "object" && !Array.isArray(each) ? expect.any(Number) : each,
      ) as never,
    );
    expect(sent).toEqual([{}, { n: 4 }]);
  });
});
