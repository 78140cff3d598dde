/**
 * Writes that left and of which no answer came, on a host that lives: a person is asked, or the program told where the
 * operator wants that, and in either case the write is not sent again by anybody else.
 */
import { afterEach, describe, expect, it } from "vitest";
import { CallError } from "../call-error.ts";
import type { CodemodeOptions } from "../codemode-options.ts";
import { createCodemode } from "../codemode.ts";
import { createMemoryJournal } from "../journal/memory/create-memory-journal.ts";
import { createQuickJsEngine } from "../sandbox/quickjs/create-quickjs-engine.ts";
import type { Codemode } from "../spec/codemode.ts";
import type { Journal } from "../spec/journal.ts";
import type { CallContext, Source } from "../spec/source.ts";

const open: Codemode[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((codemode) => codemode.close()));
});

interface Upstream {
  /** What has arrived. */
  readonly sent: unknown[];
  readonly keys: (string | undefined)[];
  /** How many of the next answers are lost on their way back. */
  lost: number;
}

function start(upstream: Upstream, options: Partial<CodemodeOptions> = {}): Codemode {
  const tool = (name: string, effect: "read" | "write") => ({
    upstreamName: name,
    name: [name],
    effect,
    input: { type: "object" },
    raw: { name },
  });
  const source: Source = {
    name: "bank",
    kind: "test",
    fingerprint: "bank",
    identity: async () => ({ kind: "test" }),
    list: async () => ({ tools: [tool("pay", "write"), tool("look", "read")], issues: [] }),
    call: async ({ args }, context: CallContext) => {
      upstream.sent.push(args);
      upstream.keys.push(context.idempotencyKey);
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (upstream.lost > 0) {
        upstream.lost -= 1;
        throw new CallError("source_unavailable", "The connection was lost.", { outcome: "unknown" });
      }
      return { value: { receipt: upstream.sent.length }, labels: [] };
    },
    status: () => ({ state: "ready" }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const codemode = createCodemode({
    sources: [source],
    engine: createQuickJsEngine({ prewarm: 0 }),
    check: "off",
    policy: "allow-all",
    ...options,
  });
  open.push(codemode);
  return codemode;
}

const lossy = (lost: number): Upstream => ({ sent: [], keys: [], lost });
const code = "return await tools.bank.pay({ amount: 7 }).catch((error) => error.code)";

describe("a write of which no answer came", () => {
  it.each([
    ["it happened", { approve: true, value: { receipt: 41 } }, { receipt: 41 }, 1],
    ["send it again", { approve: false, resend: true }, { receipt: 2 }, 2],
    ["leave it undone", { approve: false }, "approval_rejected", 1],
  ])("is put to a person, who says: %s", async (_, said, result, sent) => {
    const upstream = lossy(1);
    const codemode = start(upstream);
    const { document, text } = await codemode.execute({ code });
    expect(document).toMatchObject({
      status: "paused",
      pending: [{ seq: 1, kind: "in_doubt", path: "bank.pay", args: { amount: 7 } }],
      writes: [{ state: "in_doubt" }],
    });
    expect(text).toContain("nobody knows");
    const { runId } = document;
    expect(await codemode.answer({ runId, ...said })).toBe(1);
    expect((await codemode.resume({ runId })).document).toMatchObject({ status: "completed", result });
    expect(upstream.sent).toHaveLength(sent);
    expect((await codemode.replay({ runId })).document.result).toEqual(result);
  });

  it("is asked about again when it was sent again and lost again", async () => {
    const upstream = lossy(2);
    const codemode = start(upstream);
    const { runId } = (await codemode.execute({ code })).document;
    await codemode.answer({ runId, approve: false, resend: true });
    expect((await codemode.resume({ runId })).document).toMatchObject({
      status: "paused",
      pending: [{ kind: "in_doubt" }],
    });
    await codemode.answer({ runId, approve: true, value: "seen" });
    expect((await codemode.resume({ runId })).document.result).toBe("seen");
    expect(upstream.sent).toHaveLength(2);
  });

  it("is told to the program where the operator wants that, and stays in doubt", async () => {
    const upstream = lossy(1);
    const { document } = await start(upstream, { inDoubt: "tell" }).execute({ code });
    expect(document).toMatchObject({ status: "completed", result: "source_unavailable" });
    expect(document.writes).toMatchObject([{ state: "in_doubt" }]);
  });

  it("is not repeated by retry, nor by a program of its own accord, while others are sent", async () => {
    const upstream = lossy(1);
    const { document } = await start(upstream, { inDoubt: "tell" }).execute({
      code: `
        import { retry } from "codemode/std";
        const first = await retry(() => tools.bank.pay({ amount: 7 }), { delayMs: 1 }).catch((error) => error.code);
        const again = await tools.bank.pay({ amount: 7 }).catch((error) => error.code);
        const other = await tools.bank.pay({ amount: 8 });
        return [first, again, other];`,
    });
    expect(document.result).toEqual(["write_in_doubt", "write_in_doubt", { receipt: 2 }]);
    expect(upstream.sent).toEqual([{ amount: 7 }, { amount: 8 }]);
  });

  it("is sent once more by itself where the upstream knows its key", async () => {
    const upstream = lossy(1);
    const overrides = { bank: { idempotency: { argument: "key" } } };
    const { document } = await start(upstream, { overrides }).execute({ code });
    expect(document).toMatchObject({ status: "completed", result: { receipt: 2 } });
    const [first, second] = upstream.sent as { key: string }[];
    expect(first?.key).toMatch(/./);
    expect(second).toEqual(first);
  });

  it("is put to a person where that is lost as well", async () => {
    const upstream = lossy(2);
    const overrides = { bank: { idempotency: { argument: "key" } } };
    const codemode = start(upstream, { overrides });
    const { document } = await codemode.execute({ code });
    expect(document).toMatchObject({ status: "paused", pending: [{ kind: "in_doubt" }] });
    await codemode.answer({ runId: document.runId, approve: false });
    const { document: ended } = await codemode.resume({ runId: document.runId });
    expect(ended.result).toBe("approval_rejected");
    expect(upstream.sent, "what a person says goes before the key").toHaveLength(2);
  });
});

describe("a write in doubt of a run that has ended", () => {
  it.each([
    ["happened", { approve: true, value: { receipt: 3 } }, "done"],
    ["did not", { approve: false, comment: "looked" }, "error"],
  ])("is listed until a person says that it %s", async (_, said, state) => {
    const upstream = lossy(1);
    const codemode = start(upstream, { inDoubt: "tell", retention: { maxAgeMs: -1 } });
    const { runId } = (await codemode.execute({ code })).document;
    expect(await codemode.pending()).toMatchObject([
      {
        runId,
        status: "completed",
        total: 1,
        questions: [{ seq: 1, kind: "in_doubt", args: { amount: 7 } }],
      },
    ]);
    expect(await codemode.prune(), "it is kept as long").toBe(0);
    for (const wrong of [
      { approve: false, resend: true },
      { approve: false, stop: true },
    ])
      await expect(codemode.answer({ runId, ...wrong })).rejects.toMatchObject({ code: "usage" });
    expect(await codemode.answer({ runId, ...said })).toBe(1);
    expect(await codemode.show({ runId })).toMatchObject({ status: "completed", writes: [{ state }] });
    expect(await codemode.pending()).toEqual([]);
    await expect(codemode.answer({ runId, ...said })).rejects.toMatchObject({ code: "approval_not_pending" });
    expect(upstream.sent, "nothing is sent").toHaveLength(1);
    expect(await codemode.prune()).toBe(1);
  });

  it("goes by itself once it is as old as the retention says", async () => {
    const codemode = start(lossy(1), { inDoubt: "tell", retention: { maxAgeMs: -1, maxDoubtMs: -1 } });
    await codemode.execute({ code });
    expect(await codemode.prune()).toBe(1);
  });
});

it("tells the program of a read that was lost, and lets it be made again", async () => {
  const upstream = lossy(1);
  const { document } = await start(upstream).execute({
    code: 'import { retry } from "codemode/std"; return await retry(() => tools.bank.look({}), { delayMs: 1 });',
  });
  expect(document).toMatchObject({ status: "completed", result: { receipt: 2 } });
});

it("asks nobody when the program has ended without waiting for the write", async () => {
  const upstream = lossy(1);
  const { document } = await start(upstream).execute({
    code: "void tools.bank.pay({ amount: 7 }).catch(() => 0); return 1;",
  });
  expect(document).toMatchObject({ status: "completed", result: 1, writes: [{ state: "in_doubt" }] });
});

it("goes on as it began where the run was begun under earlier rules", async () => {
  const upstream = lossy(2);
  const journal = createMemoryJournal();
  const early: Journal = {
    ...journal,
    create: ({ rules: _rules, ...origin }, owner, ttlMs) => journal.create(origin, owner, ttlMs),
  };
  const codemode = start(upstream, {
    journal: early,
    policy: () => ({ decision: "ask", reason: "test" }),
  });
  const { document } = await codemode.execute({ code });
  await codemode.answer({ runId: document.runId, approve: true });
  const { document: ended } = await codemode.resume({ runId: document.runId });
  expect(ended).toMatchObject({ status: "completed", result: "source_unavailable" });
  expect(ended.writes).toMatchObject([{ state: "in_doubt" }]);
});
