import { afterEach, describe, expect, it } from "vitest";
import type { CodemodeOptions } from "../codemode-options.ts";
import { createCodemode } from "../codemode.ts";
import { createFunctionsSource } from "../connectors/functions/create-functions-source.ts";
import { createMemoryJournal, createMemoryStore } from "../journal/memory/create-memory-journal.ts";
import { createWorkerdEngine } from "../sandbox/workerd/create-workerd-engine.ts";
import type { Codemode } from "../spec/codemode.ts";
import type { RunDocument } from "../spec/run.ts";
import { createMemoryWorkspace, createWorkspaceMemory } from "../workspace/memory/create-memory-workspace.ts";

const open: Codemode[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((codemode) => codemode.close()));
});

function start(options: Partial<CodemodeOptions> = {}): Codemode {
  const input = { type: "object" } as const;
  const source = createFunctionsSource("s", {
    write: { description: "Writes.", effect: "write", input, run: () => "written" },
  });
  const codemode = createCodemode({ sources: [source], engine: createWorkerdEngine(), ...options });
  open.push(codemode);
  return codemode;
}

async function run(codemode: Codemode, code: string, principal = "local"): Promise<RunDocument> {
  return (await codemode.execute({ code, principal })).document;
}

const set = (key: string, value: unknown, options = ""): string =>
  `await codemode.state.set(${JSON.stringify(key)}, JSON.parse(${JSON.stringify(JSON.stringify(value))})${options});`;
const get = (key: string): string => `return await codemode.state.get(${JSON.stringify(key)})`;

describe("state", () => {
  it("is found by later runs of the same principal, and by nobody else", async () => {
    const codemode = start();
    const value = { list: [1, -0.5, null], text: "é\u2028", deep: { ["__proto__"]: 1, constructor: 2 } };
    expect(await run(codemode, `${set("a", value)} ${get("a")}`)).toMatchObject({ result: value });
    const found = await run(codemode, get("a"));
    expect(JSON.stringify(found.result)).toBe(JSON.stringify(value));
    expect(
      await run(codemode, "return (await codemode.state.get('a')) === undefined", "other"),
    ).toMatchObject({
      result: true,
    });
    expect(await run(codemode, "return codemode.state.list()", "other")).toMatchObject({ result: [] });
  });

  it("shows a run its own changes at once, in the order it made them", async () => {
    const codemode = start();
    const code = `
      await Promise.all([1, 2, 3].map((n) => codemode.state.set("n", n)));
      await codemode.state.set("p/1", true);
      await codemode.state.set("p/2", true);
      await codemode.state.delete("p/2");
      return [await codemode.state.get("n"), await codemode.state.get("p/2"), await codemode.state.list("p/")];`;
    expect(await run(codemode, code)).toMatchObject({ result: [3, null, [{ key: "p/1", bytes: 7 }]] });
  });

  it("is left unchanged by a run that fails, but for what is to be kept even so", async () => {
    const codemode = start();
    const failing = `${set("lost", 1)} ${set("kept", 2, ", { evenIfFailed: true }")} throw new Error("no")`;
    expect(await run(codemode, failing)).toMatchObject({
      status: "failed",
      error: { code: "snippet_threw" },
    });
    expect(await run(codemode, "return codemode.state.list()")).toMatchObject({
      result: [{ key: "kept", bytes: 5 }],
    });
  });

  it.each([
    ["a function", 'codemode.state.set("a", () => 1)', "value_unsupported"],
    ["a Date", 'codemode.state.set("a", { at: new Date() })', "value_unsupported"],
    ["a Map", 'codemode.state.set("a", new Map())', "value_unsupported"],
    ["nothing", 'codemode.state.set("a", undefined)', "usage"],
    ["an unknown option", 'codemode.state.set("a", 1, { keep: true } as any)', "usage"],
    ["an empty key", 'codemode.state.set("", 1)', "state_limit"],
    ["half a character as key", 'codemode.state.get("\\ud800")', "state_limit"],
    ["a number as key", "codemode.state.get(5 as any)", "usage"],
    ["a key of 513 bytes", 'codemode.state.set("k".repeat(513), 1)', "state_limit"],
    ["a value of 256 KiB and a byte", 'codemode.state.set("a", "v".repeat(256 * 1024 - 1))', "state_limit"],
    ["ifUnchanged unread", 'codemode.state.set("a", 1, { ifUnchanged: true })', "usage"],
  ])("refuses %s", async (_, call, code) => {
    const found = await run(start(), `try { await ${call}; } catch (error) { return error.code }`);
    expect(found).toMatchObject({ status: "completed", result: code });
  });

  it("takes a key of 512 bytes and a value of 256 KiB", async () => {
    const codemode = start();
    const code = 'await codemode.state.set("k".repeat(512), "v".repeat(256 * 1024 - 2));';
    expect(await run(codemode, code)).toMatchObject({ status: "completed" });
    expect(await run(codemode, "return (await codemode.state.list())[0].bytes")).toMatchObject({
      result: 512 + 256 * 1024,
    });
  });

  it("refuses what would make the whole too large, while the run can still do something about it", async () => {
    const codemode = start();
    const code = `
      const full = "v".repeat(256 * 1024 - 10);
      for (let n = 0; n < 40; n += 1) {
        try { await codemode.state.set("k" + n, full); } catch (error) { return [n, error.code] }
      }`;
    expect(await run(codemode, code)).toMatchObject({ result: [32, "state_limit"] });
  });

  it("goes to the last run that commits, or to the first where a run asks that nothing has changed", async () => {
    const codemode = start({ policy: "ask-writes" });
    const adding = (options: string): string => `
      const n = (await codemode.state.get("n")) ?? 0;
      await tools.s.write({});
      await codemode.state.set("n", n + 1${options});`;
    const both = async (options: string): Promise<RunDocument[]> => {
      const paused = await Promise.all([run(codemode, adding(options)), run(codemode, adding(options))]);
      const ended: RunDocument[] = [];
      for (const { runId } of paused) {
        await codemode.answer({ runId, approve: true });
        ended.push((await codemode.resume({ runId })).document);
      }
      return ended;
    };
    expect((await both("")).map(({ status }) => status)).toEqual(["completed", "completed"]);
    expect(await run(codemode, get("n"))).toMatchObject({ result: 1 });
    const guarded = await both(", { ifUnchanged: true }");
    expect(guarded.map(({ status, error }) => [status, error?.code])).toEqual([
      ["completed", undefined],
      ["failed", "state_conflict"],
    ]);
    expect(guarded[1]?.writes).toHaveLength(1);
    expect(await run(codemode, get("n"))).toMatchObject({ result: 2 });
  });

  it("keeps a paused run's changes back, and has them again when it goes on elsewhere", async () => {
    const shared = createMemoryStore();
    const memory = createWorkspaceMemory();
    const host = (): Codemode =>
      start({ journal: createMemoryJournal(shared), workspaces: createMemoryWorkspace(memory) });
    const first = host();
    await run(first, set("before", "old"));
    const code = `
      const before = await codemode.state.get("before");
      ${set("a", 1)} ${set("b", 2)} await codemode.state.delete("a"); ${set("before", "new", ", { ifUnchanged: true }")}
      await tools.s.write({});
      return [before, await codemode.state.get("before"), await codemode.state.list()];`;
    const { runId, status } = await run(first, code);
    expect(status).toBe("paused");
    expect(await run(first, "return codemode.state.list()")).toMatchObject({
      result: [{ key: "before", bytes: 11 }],
    });
    await first.close();
    const second = host();
    await second.answer({ runId, approve: true });
    expect((await second.resume({ runId })).document).toMatchObject({
      status: "completed",
      result: ["old", "new", [{ key: "b" }, { key: "before" }]],
    });
    expect(await run(second, get("before"))).toMatchObject({ result: "new" });
  });

  it("is committed once when the host dies between the commit and the run's end", async () => {
    const shared = createMemoryStore();
    const memory = createWorkspaceMemory();
    const dying = createMemoryJournal(shared);
    let dead = false;
    const first = start({
      journal: {
        ...dying,
        commit: (lease, batch) => {
          dead ||= batch.status === "completed";
          return dead ? Promise.reject(new Error("died")) : dying.commit(lease, batch);
        },
        [Symbol.asyncDispose]: () => dying[Symbol.asyncDispose](),
      },
      workspaces: createMemoryWorkspace(memory),
    });
    const code = `${set("n", 1)} return await codemode.state.get("n")`;
    await expect(first.execute({ code })).rejects.toThrow("died");
    await first.close();
    // Its lease has run out, and another run has changed the key meanwhile.
    for (const kept of shared.runs.values()) kept.renewedAt = -Infinity;
    const second = start({
      journal: createMemoryJournal(shared),
      workspaces: createMemoryWorkspace(memory),
    });
    await run(second, set("n", 2));
    expect(await second.recover()).toBe(1);
    const [recovered] = [...shared.runs.values()];
    expect(recovered?.row).toMatchObject({ status: "completed" });
    expect(await run(second, get("n"))).toMatchObject({ result: 2 });
  });
});
