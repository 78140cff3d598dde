import { afterEach, describe, expect, it } from "vitest";
import type { CodemodeOptions } from "../codemode-options.ts";
import { createCodemode } from "../codemode.ts";
import { createFunctionsSource } from "../connectors/functions/create-functions-source.ts";
import { createMemoryJournal, createMemoryStore } from "../journal/memory/create-memory-journal.ts";
import { createWorkerdEngine } from "../sandbox/workerd/create-workerd-engine.ts";
import type { Codemode } from "../spec/codemode.ts";

const open: Codemode[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((codemode) => codemode.close()));
});

interface Upstream {
  readonly effects: unknown[];
  readonly reads: unknown[];
}

function start(upstream: Upstream, options: Partial<CodemodeOptions> = {}): Codemode {
  const input = { type: "object" } as const;
  const source = createFunctionsSource("s", {
    read: { description: "Reads.", effect: "read", input, run: (args: unknown) => upstream.reads.push(args) },
    write: {
      description: "Writes.",
      effect: "write",
      input,
      run: (args: unknown) => upstream.effects.push(args),
    },
    wait: {
      description: "Waits.",
      effect: "read",
      input,
      run: ({ ms }: { ms?: number }) => new Promise((resolve) => setTimeout(() => resolve(ms), ms)),
    },
  });
  const codemode = createCodemode({
    sources: [source],
    engine: createWorkerdEngine(),
    check: "off",
    ...options,
  });
  open.push(codemode);
  return codemode;
}

const fresh = (): Upstream => ({ effects: [], reads: [] });

describe("a run that needs a person", () => {
  it("pauses with everything asked in the same turn, sends nothing, and goes on once approved", async () => {
    const upstream = fresh();
    const codemode = start(upstream);
    const code = `
      const n = await tools.s.read({ first: true });
      const done = await Promise.all([tools.s.write({ a: 1 }), tools.s.write({ b: 2 }), tools.s.wait({ ms: 30 })]);
      return { n, done };`;
    const { document, text } = await codemode.execute({ code });
    expect(document).toMatchObject({
      status: "paused",
      pending: [
        { seq: 2, kind: "approval", path: "s.write", args: { a: 1 } },
        { seq: 3, kind: "approval", path: "s.write", args: { b: 2 } },
      ],
    });
    expect(text).toContain(document.runId);
    expect(upstream).toEqual({ effects: [], reads: [{ first: true }] });

    expect(await codemode.answer({ runId: document.runId, approve: true })).toBe(2);
    const resumed = await codemode.resume({ runId: document.runId });
    expect(resumed.document).toMatchObject({
      runId: document.runId,
      status: "completed",
      result: { n: 1, done: [1, 2, 30] },
    });
    expect(upstream).toEqual({ effects: [{ a: 1 }, { b: 2 }], reads: [{ first: true }] });
    expect(resumed.document.writes.map((write) => write.state)).toEqual(["done", "done"]);
  });

  it("stays paused while a question is open, and a resume never answers it", async () => {
    const upstream = fresh();
    const codemode = start(upstream);
    const { document } = await codemode.execute({
      code: "await tools.s.write({ a: 1 }); await tools.s.write({ a: 2 }); return 1",
    });
    expect((await codemode.resume({ runId: document.runId })).document.status).toBe("paused");
    await codemode.answer({ runId: document.runId, seq: 1, approve: true });
    const second = await codemode.resume({ runId: document.runId });
    expect(second.document).toMatchObject({ status: "paused", pending: [{ seq: 2 }] });
    expect(upstream.effects).toEqual([{ a: 1 }]);
    await codemode.answer({ runId: document.runId, approve: true });
    expect((await codemode.resume({ runId: document.runId })).document).toMatchObject({
      status: "completed",
      result: 1,
    });
    expect(upstream.effects).toEqual([{ a: 1 }, { a: 2 }]);
  });

  it("tells the snippet of a rejection, with the comment", async () => {
    const upstream = fresh();
    const codemode = start(upstream);
    const { document } = await codemode.execute({
      code: "try { await tools.s.write({}) } catch (e) { return [e.code, e.message] }",
    });
    await codemode.answer({ runId: document.runId, approve: false, comment: "not on Fridays" });
    const { document: ended } = await codemode.resume({ runId: document.runId });
    expect(ended).toMatchObject({
      status: "completed",
      result: ["approval_rejected", expect.stringContaining("not on Fridays") as string],
    });
    expect(upstream.effects).toEqual([]);
  });

  it("counts one of two contrary answers", async () => {
    const codemode = start(fresh());
    const { document } = await codemode.execute({ code: "await tools.s.write({})" });
    const answers = await Promise.allSettled(
      [true, false].map((approve) => codemode.answer({ runId: document.runId, approve })),
    );
    expect(answers.map((each) => each.status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  it("treats a question that expired as rejected", async () => {
    const codemode = start(fresh(), { approvalMs: 1 });
    const { document } = await codemode.execute({
      code: "try { await tools.s.write({}) } catch (e) { return e.code }",
    });
    await new Promise((resolve) => setTimeout(resolve, 10));
    await expect(codemode.answer({ runId: document.runId, approve: true })).rejects.toMatchObject({
      code: "approval_not_pending",
    });
    expect((await codemode.resume({ runId: document.runId })).document.result).toBe("approval_rejected");
  });

  it("does not let a timeout race on without the answer", async () => {
    const upstream = fresh();
    const codemode = start(upstream);
    const code =
      'const timeout = new Promise((r) => setTimeout(r, 40, "late")); return await Promise.race([tools.s.write({ x: 1 }), timeout])';
    const { document } = await codemode.execute({ code });
    expect(document.status).toBe("paused");
    await codemode.answer({ runId: document.runId, approve: true });
    expect((await codemode.resume({ runId: document.runId })).document.result).toBe(1);
  });

  it("is unknown to another principal, exactly like a run that does not exist", async () => {
    const codemode = start(fresh());
    const { document } = await codemode.execute({ code: "await tools.s.write({})", principal: "ada" });
    const asked = async (runId: string): Promise<unknown[]> =>
      Promise.all(
        [
          codemode.resume({ runId, principal: "bob" }),
          codemode.answer({ runId, principal: "bob", approve: true }),
          codemode.show({ runId, principal: "bob" }),
        ].map((each) =>
          each.then(
            () => "no error",
            (error: Error) => error.message.replace(runId, "ID"),
          ),
        ),
      );
    expect(await asked(document.runId)).toEqual(await asked("run_0"));
    expect(await codemode.runs({ principal: "bob" })).toEqual([]);
    expect(await codemode.runs({ principal: "ada" })).toMatchObject([
      { runId: document.runId, status: "paused", title: "await tools.s.write({})" },
    ]);
  });
});

describe("replay", () => {
  it("gives the snippet the same time, random numbers, order and answers", async () => {
    const codemode = start(fresh());
    const code = `
      const order = [];
      const note = (name) => () => order.push(name, Date.now(), Math.random());
      await Promise.allSettled([
        tools.s.wait({ ms: 20 }).then(note("slow")),
        tools.s.wait({ ms: 5 }).then(note("quick")),
        tools.s.none({}).catch(note("failed")),
        new Promise((r) => setTimeout(r, 10)).then(note("timer")),
      ]);
      const before = [...order, crypto.randomUUID(), [...crypto.getRandomValues(new Uint8Array(4))]];
      console.log(JSON.stringify(before));
      await tools.s.write({});
      return before;`;
    const { document } = await codemode.execute({ code });
    expect(document.status).toBe("paused");
    await codemode.answer({ runId: document.runId, approve: true });
    const { document: ended } = await codemode.resume({ runId: document.runId });
    expect(ended.status).toBe("completed");
    expect(ended.result).toEqual(JSON.parse(document.logs[0]?.text ?? "null"));
  });

  it("never sends what was answered before", async () => {
    const upstream = fresh();
    const codemode = start(upstream);
    const { document } = await codemode.execute({
      code: "for (let i = 0; i < 5; i += 1) await tools.s.read({ i }); await tools.s.write({}); return 1",
    });
    await codemode.answer({ runId: document.runId, approve: true });
    await codemode.resume({ runId: document.runId });
    expect(upstream.reads).toHaveLength(5);
  });

  it("resumes on another host that shares the store", async () => {
    const store = createMemoryStore();
    const upstream = fresh();
    const first = start(upstream, { journal: createMemoryJournal(store) });
    const { document } = await first.execute({
      code: "const r = await tools.s.read({}); return [r, await tools.s.write({ r })]",
    });
    await first.close();
    const second = start(upstream, { journal: createMemoryJournal(store) });
    await second.answer({ runId: document.runId, approve: true });
    expect((await second.resume({ runId: document.runId })).document.result).toEqual([1, 1]);
    expect(upstream.reads).toHaveLength(1);
  });

  it("has exactly one effect when two hosts race to resume", async () => {
    const store = createMemoryStore();
    const upstream = fresh();
    const hosts = [
      start(upstream, { journal: createMemoryJournal(store) }),
      start(upstream, { journal: createMemoryJournal(store) }),
    ];
    const { document } = (await hosts[0]?.execute({ code: "return await tools.s.write({})" })) ?? {};
    const runId = document?.runId ?? "";
    await hosts[0]?.answer({ runId, approve: true });
    const ended = await Promise.all(
      hosts.flatMap((host) => [host.resume({ runId }), host.resume({ runId })]),
    );
    expect(ended.map((each) => each.document.status)).toEqual([
      "completed",
      "completed",
      "completed",
      "completed",
    ]);
    expect(upstream.effects).toHaveLength(1);
  });

  it("answers from the record what was answered, though the tool has changed since", async () => {
    const store = createMemoryStore();
    const first = start(fresh(), { journal: createMemoryJournal(store) });
    const { document } = await first.execute({ code: "await tools.s.read({}); await tools.s.write({})" });
    await first.close();
    const changed = createFunctionsSource("s", {
      read: { description: "Reads otherwise.", effect: "read", input: { type: "object" }, run: () => 1 },
      write: { description: "Writes.", effect: "write", input: { type: "object" }, run: () => 1 },
    });
    const second = createCodemode({
      sources: [changed],
      engine: createWorkerdEngine(),
      check: "off",
      journal: createMemoryJournal(store),
    });
    open.push(second);
    await second.answer({ runId: document.runId, approve: true });
    const resumed = (await second.resume({ runId: document.runId })).document;
    expect(resumed).toMatchObject({ status: "completed", writes: [{ state: "done" }] });
  });
});
