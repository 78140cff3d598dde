import { afterEach, describe, expect, it } from "vitest";
import type { CodemodeOptions } from "../../codemode-options.ts";
import { createCodemode } from "../../codemode.ts";
import { createFunctionsSource } from "../../connectors/functions/create-functions-source.ts";
import { createMemoryJournal, createMemoryStore } from "../../journal/memory/create-memory-journal.ts";
import { createQuickJsEngine } from "../../sandbox/quickjs/create-quickjs-engine.ts";
import { createWorkerdEngine } from "../../sandbox/workerd/create-workerd-engine.ts";
import type { Codemode } from "../../spec/codemode.ts";
import type { Engine } from "../../spec/engine.ts";
import type { RunDocument } from "../../spec/run.ts";
import {
  createMemoryWorkspace,
  createWorkspaceMemory,
} from "../../workspace/memory/create-memory-workspace.ts";

const open: Codemode[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((codemode) => codemode.close()));
});

const engines: readonly (readonly [string, () => Engine])[] = [
  ["workerd", createWorkerdEngine],
  ["quickjs", createQuickJsEngine],
];

function start(options: Partial<CodemodeOptions> = {}, description = "Reads."): Codemode {
  const input = { type: "object", properties: { n: { type: "number" } } } as const;
  const source = createFunctionsSource("s", {
    read: { description, effect: "read", input, run: ({ n }) => Number(n) * 10 },
    write: { description: "Writes.", effect: "write", input, run: () => "written" },
  });
  const codemode = createCodemode({ sources: [source], engine: createWorkerdEngine(), ...options });
  open.push(codemode);
  return codemode;
}

async function run(codemode: Codemode, code: string, principal = "local"): Promise<RunDocument> {
  return (await codemode.execute({ code, principal })).document;
}

const tenfold = `async (input: { n: number; /** Added. */ plus?: number }) => {
  const ten = await tools.s.read({ n: input.n });
  return ten + (input.plus ?? 0);
}`;

describe.each(engines)("saved snippets on %s", (_, engine) => {
  it("run with their input inside a program, in its run", async () => {
    const codemode = start({ engine: engine() });
    const saved = await codemode.snippets.save({
      name: "tenfold",
      description: "Ten times n.",
      code: tenfold,
    });
    expect(saved).toMatchObject({
      version: 1,
      status: "accepted",
      tools: [{ path: "s.read" }],
      input: { required: ["n"], properties: { plus: { type: "number", description: "Added." } } },
    });
    const { document } = await codemode.execute({
      code: 'return Promise.all([1, 2, 3].map((n) => codemode.run("tenfold", { n, plus: 1 })))',
    });
    expect(document).toMatchObject({ status: "completed", result: [11, 21, 31] });
    expect(document.calls.map(({ path }) => path)).toEqual(["s.read", "s.read", "s.read"]);
  });

  it("run within each other, by names made at run time, and end where they never would", async () => {
    const codemode = start({ engine: engine(), limits: { calls: 50 } });
    await codemode.snippets.save({ name: "tenfold", description: "d", code: tenfold });
    await codemode.snippets.save({
      name: "twice",
      description: "d",
      code: 'const once = await codemode.run("ten" + "fold", { n: input.n });\nreturn codemode.run("tenfold", { n: once })',
    });
    await codemode.snippets.save({
      name: "forever",
      description: "d",
      code: 'async (input: any) => codemode.run("forever", input)',
    });
    const name = 'const name = ["tw", "ice"].join("");';
    expect(await run(codemode, `${name} return codemode.run(name, { n: 3 })`)).toMatchObject({ result: 300 });
    expect(await run(codemode, 'return codemode.run("forever", {})')).toMatchObject({
      status: "failed",
      error: { code: "call_limit" },
    });
  });

  it("keep the version they had when a paused run goes on", async () => {
    const shared = createMemoryStore();
    const memory = createWorkspaceMemory();
    const host = (): Codemode =>
      start({
        engine: engine(),
        journal: createMemoryJournal(shared),
        workspaces: createMemoryWorkspace(memory),
      });
    const first = host();
    await first.snippets.save({ name: "tenfold", description: "d", code: tenfold });
    const code = `
      const before = await codemode.run("tenfold", { n: 1 });
      await tools.s.write({});
      return [before, await codemode.run("tenfold", { n: 2 })];`;
    const { runId } = await run(first, code);
    await first.snippets.save({ name: "tenfold", code: "async (input: { n: number }) => -input.n" });
    await first.close();
    const second = host();
    await second.answer({ runId, approve: true });
    expect((await second.resume({ runId })).document).toMatchObject({
      status: "completed",
      result: [10, 20],
    });
    expect(await run(second, 'return codemode.run("tenfold", { n: 2 })')).toMatchObject({ result: -2 });
    expect(await second.snippets.list()).toMatchObject([{ version: 2, use: { runs: 2, completed: 2 } }]);
  });

  it("cannot change what their caller holds, and lose nothing of their own error", async () => {
    const codemode = start({ engine: engine() });
    const code =
      "async (input: any) => { input.list.push(9); throw new TypeError(`no ${input.list.length}`) }";
    await codemode.snippets.save({ name: "rude", description: "d", code });
    const caught = `
      const list = [1];
      try { await codemode.run("rude", { list }) } catch (error) { return [error.name, error.message, list] }`;
    expect(await run(codemode, caught)).toMatchObject({ result: ["TypeError", "no 2", [1]] });
  });
});

describe("a saved snippet", () => {
  it("refuses a wrong input before it runs", async () => {
    const codemode = start();
    await codemode.snippets.save({ name: "tenfold", description: "d", code: tenfold });
    for (const input of ["{}", "undefined", '{ n: "1" }', "{ n: 1, other: 2 }", "[]", "null"]) {
      const document = await run(codemode, `return codemode.run("tenfold", ${input} as any)`);
      expect([input, document.error?.code]).toEqual([input, "saved_snippet_input"]);
      expect(document.error?.message).toContain("tenfold");
    }
  });

  it("is not used once a tool it needs has changed, and says which", async () => {
    const memory = createWorkspaceMemory();
    const before = start({ workspaces: createMemoryWorkspace(memory) });
    await before.snippets.save({ name: "tenfold", description: "d", code: tenfold });
    const changed = start({ workspaces: createMemoryWorkspace(memory) }, "Reads something else.");
    const document = await run(changed, 'return codemode.run("tenfold", { n: 1 })');
    expect(document.error).toMatchObject({
      code: "saved_snippet_changed",
      message: expect.stringContaining("tools.s.read") as string,
    });
    const without = createCodemode({
      sources: [],
      engine: createWorkerdEngine(),
      workspaces: createMemoryWorkspace(memory),
    });
    open.push(without);
    expect((await run(without, 'return codemode.run("tenfold", { n: 1 })')).error?.code).toBe(
      "saved_snippet_changed",
    );
  });

  it("is saved from a completed run, with what that run called", async () => {
    const codemode = start();
    const name = "const tool = 'read';";
    const done = await run(codemode, `${name} return (tools as any).s[tool]({ n: 4 })`);
    const saved = await codemode.snippets.save({ name: "four", description: "Forty.", from: done.runId });
    expect(saved.tools.map(({ path }) => path)).toEqual(["s.read"]);
    expect(await run(codemode, 'return codemode.run("four")')).toMatchObject({ result: 40 });
    const failed = await run(codemode, "throw new Error('no')");
    const saving = (from: string, principal?: string): Promise<unknown> =>
      codemode.snippets.save({
        name: "x",
        description: "d",
        from,
        ...(principal === undefined ? {} : { principal }),
      });
    await expect(saving(failed.runId)).rejects.toMatchObject({ code: "saved_snippet_invalid" });
    await expect(saving("run_unknown")).rejects.toMatchObject({ code: "run_not_found" });
    await expect(saving(done.runId, "other")).rejects.toMatchObject({ code: "run_not_found" });
  });

  it.each([
    ["no name", { name: "", description: "d", code: "1" }, "saved_snippet_invalid"],
    ["a name of a prototype", { name: "__proto__", description: "d", code: "1" }, "saved_snippet_invalid"],
    ["a path as name", { name: "../a", description: "d", code: "1" }, "saved_snippet_invalid"],
    ["65 letters", { name: "a".repeat(65), description: "d", code: "1" }, "saved_snippet_invalid"],
    ["no description", { name: "a", code: "1" }, "saved_snippet_invalid"],
    [
      "a description that ends a comment",
      { name: "a", description: "*/", code: "1" },
      "saved_snippet_invalid",
    ],
    ["code that does not parse", { name: "a", description: "d", code: "((" }, "snippet_syntax"],
    [
      "code that does not type-check",
      { name: "a", description: "d", code: "tools.s.raed({})" },
      "snippet_type",
    ],
    ["no code", { name: "a", description: "d" }, "usage"],
  ])("is refused with %s", async (_name, request, code) => {
    await expect(start().snippets.save(request)).rejects.toMatchObject({ code });
  });

  it("takes 64 letters, and constructor, for a name", async () => {
    const codemode = start();
    for (const name of ["a".repeat(64), "constructor"]) {
      await codemode.snippets.save({ name, description: "d", code: "return 7" });
      expect(await run(codemode, `return codemode.run("${name}")`)).toMatchObject({ result: 7 });
    }
    expect((await run(codemode, 'return codemode.run("toString")')).error?.code).toBe(
      "saved_snippet_not_found",
    );
  });

  it("is written to a file and read from it with not a byte changed", async () => {
    const codemode = start();
    const code = `// A first line.\r\n${tenfold}\n\n`;
    await codemode.snippets.save({ name: "tenfold", description: "Ten times.", code: "return 1" });
    await codemode.snippets.save({
      name: "tenfold",
      code,
      input: { type: "object", description: "ends a comment */ here", properties: { n: { type: "number" } } },
    });
    const text = await codemode.snippets.exportFile({ name: "tenfold" });
    expect(text).toContain(" * @version 2\n");
    const elsewhere = start();
    const read = await elsewhere.snippets.importFile({ text });
    expect(read.code).toBe(code);
    expect(await elsewhere.snippets.exportFile({ name: "tenfold" })).toBe(text);
    expect((await elsewhere.snippets.importFile({ text })).version).toBe(2);
    for (const broken of [
      "return 1",
      text.replace("@name tenfold", "@name ../x"),
      text.replace("@tool", "@toll"),
    ])
      await expect(elsewhere.snippets.importFile({ text: broken })).rejects.toMatchObject({
        code: "saved_snippet_invalid",
      });
  });
});

describe("a proposal", () => {
  const propose = `return codemode.propose({ name: "seven", description: "Seven.", code: "return 7" })`;

  it("waits for a person", async () => {
    const codemode = start();
    expect(await run(codemode, propose)).toMatchObject({
      result: { name: "seven", version: 1, status: "proposed" },
    });
    const use = 'return codemode.run("seven")';
    expect((await run(codemode, use)).error?.code).toBe("saved_snippet_not_found");
    expect(await codemode.snippets.list()).toMatchObject([{ name: "seven", status: "proposed" }]);
    const [listed] = await codemode.snippets.list();
    const hash = listed?.hash ?? "";
    await expect(codemode.snippets.accept({ name: "seven", hash, principal: "other" })).rejects.toMatchObject(
      { code: "saved_snippet_not_found" },
    );
    await codemode.snippets.accept({ name: "seven", hash });
    expect(await run(codemode, use)).toMatchObject({ result: 7 });
  });

  it("that was made after the look is not accepted", async () => {
    const codemode = start();
    await run(codemode, propose);
    const [seen] = await codemode.snippets.list();
    await run(codemode, propose.replace("return 7", "return 8"));
    await expect(codemode.snippets.accept({ name: "seven", hash: seen?.hash ?? "" })).rejects.toMatchObject({
      code: "approval_not_pending",
    });
    expect(await codemode.snippets.list()).toMatchObject([{ status: "proposed", version: 2 }]);
  });

  it("can be rejected, accepted by policy, or not made at all", async () => {
    const asking = start();
    await run(asking, propose);
    await asking.snippets.reject({ name: "seven" });
    expect(await asking.snippets.list()).toEqual([]);
    const allowing = start({ propose: "allow" });
    expect(await run(allowing, propose)).toMatchObject({ result: { status: "accepted" } });
    const denying = start({ propose: "deny" });
    expect((await run(denying, propose)).error?.code).toBe("call_denied");
  });
});
