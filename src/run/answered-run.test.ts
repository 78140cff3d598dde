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

describe("a run that was answered", () => {
  it("takes no approval on another build of the engine, so that the right one can still use it", async () => {
    const store = createMemoryStore();
    const upstream = fresh();
    const first = start(upstream, { journal: createMemoryJournal(store) });
    const { document } = await first.execute({ code: "return await tools.s.write({})" });
    const { runId } = document;
    const engine = createWorkerdEngine();
    const other = start(upstream, {
      journal: createMemoryJournal(store),
      engine: {
        name: engine.name,
        start: (...args) => engine.start(...args),
        ready: async () => ({ ...(await engine.ready()), build: "workerd 1999" }),
        [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
      },
    });
    const refused = expect.objectContaining({
      code: "run_unresumable",
      message: expect.stringContaining("workerd 1999") as string,
    }) as unknown;
    await expect(other.answer({ runId, approve: true })).rejects.toEqual(refused);
    await expect(other.answer({ runId, approve: false })).rejects.toEqual(refused);
    expect(await other.show({ runId })).toMatchObject({ status: "paused", pending: [{ kind: "approval" }] });
    expect(upstream.effects).toEqual([]);
    await first.answer({ runId, approve: true });
    await expect(other.resume({ runId })).rejects.toEqual(refused);
    expect((await first.resume({ runId })).document).toMatchObject({ status: "completed", result: 1 });
  });

  it("can be ended on another build of the engine", async () => {
    const codemode = start(fresh());
    const { document } = await codemode.execute({ code: "return await tools.s.write({})" });
    const { runId } = document;
    expect(await codemode.answer({ runId, approve: false, stop: true })).toBe(1);
    expect(await codemode.show({ runId })).toMatchObject({ status: "rejected" });
  });

  it.each([
    ["was answered", { approve: true }, /answered already/, /codemode resume run_/],
    ["has ended", { approve: false, stop: true }, /has ended, rejected/, /codemode show run_/],
  ])("says what is left to do when the run %s", async (_, answer, message, hint) => {
    const codemode = start(fresh());
    const { document } = await codemode.execute({ code: "return await tools.s.write({})" });
    const { runId } = document;
    await codemode.answer({ runId, ...answer });
    await expect(codemode.answer({ runId, approve: true })).rejects.toMatchObject({
      code: "approval_not_pending",
      message: expect.stringMatching(message) as string,
      hint: expect.stringMatching(hint) as string,
    });
  });

  it("goes on by itself on another host once it was answered, and is sent once", async () => {
    const store = createMemoryStore();
    const upstream = fresh();
    const first = start(upstream, { journal: createMemoryJournal(store) });
    const { document } = await first.execute({ code: "return await tools.s.write({})" });
    const { runId } = document;
    const others = [1, 2].map(() => start(upstream, { journal: createMemoryJournal(store) }));
    for (const host of others) expect(await host.recover(), "nobody has answered yet").toBe(0);
    await first.answer({ runId, approve: true });
    await first.close();
    await Promise.all(others.map((host) => host.recover()));
    expect(await others[0]?.show({ runId })).toMatchObject({ status: "completed", result: 1 });
    expect(upstream.effects).toHaveLength(1);
  });
});
