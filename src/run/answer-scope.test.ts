import { afterEach, describe, expect, it } from "vitest";
import type { CodemodeOptions } from "../codemode-options.ts";
import { createCodemode } from "../codemode.ts";
import { createFunctionsSource } from "../connectors/functions/create-functions-source.ts";
import {
  createMemoryJournal,
  createMemoryStore,
  type MemoryStore,
} from "../journal/memory/create-memory-journal.ts";
import { createWorkerdEngine } from "../sandbox/workerd/create-workerd-engine.ts";
import type { ApprovalAnswer, Codemode } from "../spec/codemode.ts";

const open: Codemode[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((codemode) => codemode.close()));
});

interface World {
  readonly effects: unknown[];
  readonly store: MemoryStore;
  readonly start: (options?: Partial<CodemodeOptions> & { readonly version?: string }) => Codemode;
}

function createWorld(): World {
  const effects: unknown[] = [];
  const store = createMemoryStore();
  return {
    effects,
    store,
    start: ({ version = "", ...options } = {}) => {
      const tool = (ms: number) => ({
        description: `Writes.${version}`,
        effect: "write" as const,
        input: { type: "object" } as const,
        run: async (args: unknown) => {
          effects.push(args);
          await new Promise((resolve) => setTimeout(resolve, ms));
          return effects.length;
        },
      });
      const codemode = createCodemode({
        sources: [createFunctionsSource("s", { write: tool(0), other: tool(0), slow: tool(400) })],
        engine: createWorkerdEngine({ prewarm: 1 }),
        check: "off",
        journal: createMemoryJournal(store),
        ...options,
      });
      open.push(codemode);
      return codemode;
    },
  };
}

const twice = "await tools.s.write({ n: 1 }); return await tools.s.write({ n: 2 })";

async function pause(codemode: Codemode, code = twice, principal = "local"): Promise<string> {
  const { document } = await codemode.execute({ code, principal });
  expect(document.status).toBe("paused");
  return document.runId;
}

async function statusAfter(codemode: Codemode, answer: ApprovalAnswer): Promise<string> {
  await codemode.answer(answer);
  return (await codemode.resume(answer)).document.status;
}

describe("an approval", () => {
  it("covers its own call alone unless it says more", async () => {
    const { effects, start } = createWorld();
    const codemode = start();
    expect(await statusAfter(codemode, { runId: await pause(codemode), approve: true })).toBe("paused");
    expect(effects).toEqual([{ n: 1 }]);
  });

  it("for the run covers later calls of its tool in it, and no other tool and no other run", async () => {
    const { effects, start } = createWorld();
    const codemode = start();
    const scope = { for: "run" } as const;
    const runId = await pause(codemode, `${twice.replace("return ", "")}; await tools.s.other({})`);
    expect(await statusAfter(codemode, { runId, approve: true, scope })).toBe("paused");
    expect((await codemode.questions({ runId })).questions.map((each) => each.path)).toEqual(["s.other"]);
    await pause(codemode);
    expect(effects).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it("for a while covers other runs and hosts of its principal, and no other principal", async () => {
    const { effects, start } = createWorld();
    const codemode = start();
    const runId = await pause(codemode);
    expect(await statusAfter(codemode, { runId, approve: true, scope: { for: 60_000 } })).toBe("completed");
    const { document } = await start().execute({ code: twice });
    expect(document.status).toBe("completed");
    expect(effects).toHaveLength(4);
    await pause(codemode, twice, "ada");
  });

  it("for a while ends with it", async () => {
    const { start } = createWorld();
    const codemode = start();
    const runId = await pause(codemode, "return await tools.s.write({ n: 1 })");
    expect(await statusAfter(codemode, { runId, approve: true, scope: { for: 1 } })).toBe("completed");
    await pause(codemode);
  });

  it("covers only what its predicates fit", async () => {
    const { effects, start } = createWorld();
    const codemode = start();
    const runId = await pause(
      codemode,
      `${twice}; `.replace("return ", "") + "await tools.s.write({ n: 3 })",
    );
    const scope = { for: "run", match: { "/n": { below: 3 } } } as const;
    expect(await statusAfter(codemode, { runId, approve: true, scope })).toBe("paused");
    expect(effects).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it("does not cover a tool that has changed since", async () => {
    const { start } = createWorld();
    const before = start();
    const runId = await pause(before);
    await statusAfter(before, { runId, approve: true, scope: { for: 60_000 } });
    await pause(start({ version: " Or deletes." }));
    await pause(start({ overrides: { s: { effects: { write: "destructive" } } } }));
  });

  it("never covers what the policy denies", async () => {
    const { effects, start } = createWorld();
    const asking = start();
    const runId = await pause(asking);
    await statusAfter(asking, { runId, approve: true, scope: { for: 60_000 } });
    const { document } = await start({ policy: "read-only" }).execute({ code: twice });
    expect(document.error?.code).toBe("call_denied");
    expect(effects).toHaveLength(2);
  });

  it.each([
    ["no time", { for: 0 }],
    ["half a millisecond", { for: 0.5 }],
    ["over 30 days", { for: 30 * 86_400_000 + 1 }],
    ["an empty predicate", { for: "run", match: { "/a": {} } }],
    ["a pointer that is none", { for: "run", match: { a: { equals: 1 } } }],
  ] as [string, NonNullable<ApprovalAnswer["scope"]>][])("is refused for %s", async (_, scope) => {
    const { start } = createWorld();
    const codemode = start();
    const runId = await pause(codemode);
    await expect(codemode.answer({ runId, approve: true, scope })).rejects.toMatchObject({ code: "usage" });
    expect((await codemode.questions({ runId })).questions).toHaveLength(1);
  });

  it("holds for 30 days at most", async () => {
    const { start } = createWorld();
    const codemode = start();
    const runId = await pause(codemode);
    expect(await codemode.answer({ runId, approve: true, scope: { for: 30 * 86_400_000 } })).toBe(1);
  });

  it.each([
    ["a scope of a rejection", { approve: false, scope: { for: "run" } }],
    ["a stop of an approval", { approve: true, stop: true }],
  ] as [string, Omit<ApprovalAnswer, "runId">][])("makes no sense as %s", async (_, answer) => {
    const { start } = createWorld();
    await expect(start().answer({ runId: "r", ...answer })).rejects.toMatchObject({ code: "usage" });
  });
});

describe("a run is ended", () => {
  it("as rejected by a rejection that stops it, with the words for the model", async () => {
    const { effects, start } = createWorld();
    const codemode = start();
    const runId = await pause(codemode, "try { await tools.s.write({}) } catch { return 'went on' }");
    expect(await statusAfter(codemode, { runId, approve: false, stop: true, comment: "not today" })).toBe(
      "rejected",
    );
    const { document, text } = await codemode.resume({ runId });
    expect(document.error).toMatchObject({ code: "approval_rejected" });
    expect(text).toContain("not today");
    expect(effects).toEqual([]);
  });

  it("by being cancelled while it is paused, once and for good", async () => {
    const { effects, start } = createWorld();
    const codemode = start();
    const runId = await pause(codemode);
    expect((await codemode.pending()).map((each) => [each.runId, each.questions.length])).toEqual([
      [runId, 1],
    ]);
    expect(await codemode.cancel({ runId })).toMatchObject({
      status: "cancelled",
      error: { code: "run_cancelled" },
    });
    expect((await codemode.cancel({ runId })).status).toBe("cancelled");
    expect(await codemode.pending()).toEqual([]);
    await expect(codemode.answer({ runId, approve: true })).rejects.toMatchObject({
      code: "approval_not_pending",
    });
    expect((await codemode.resume({ runId })).document.status).toBe("cancelled");
    expect(effects).toEqual([]);
  });

  it("by another host while it runs: its host ends it, sends nothing more, and says so", async () => {
    const { effects, start } = createWorld();
    const [holder, other] = [start({ policy: "allow-all" }), start()];
    const running = holder.execute({ code: "for (;;) await tools.s.slow({})" });
    await expect.poll(() => effects.length, { timeout: 20_000 }).toBeGreaterThan(0);
    const [run] = await other.runs();
    const { runId = "" } = run ?? {};
    const document = await other.cancel({ runId });
    expect(document.status).toBe("cancelled");
    expect(document.writes.map((each) => each.state)).not.toContain("started");
    const sent = effects.length;
    expect((await running).document).toMatchObject({ runId, status: "cancelled" });
    expect(effects.length).toBeLessThanOrEqual(sent);
    expect((await other.show({ runId })).status).toBe("cancelled");
  });

  it("not by another principal, who is told that there is none", async () => {
    const { start } = createWorld();
    const codemode = start();
    const runId = await pause(codemode);
    await expect(codemode.cancel({ runId, principal: "mallory" })).rejects.toMatchObject({
      code: "run_not_found",
    });
    expect(await codemode.pending({ principal: "mallory" })).toEqual([]);
    expect((await codemode.show({ runId })).status).toBe("paused");
  });
});
