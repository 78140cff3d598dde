/**
 * Runs that ask far more than a person can read: every channel groups, pages and cuts, and says how one is seen whole.
 */
import { describe, expect, it, onTestFinished } from "vitest";
import { createCodemode, createFunctionsSource } from "../../src/index.ts";
import type { Codemode } from "../../src/index.ts";
import { questionsToForm } from "../../src/surfaces/mcp/question-form.ts";
import { engines } from "./hostile-host.ts";

const [, createEngine] = engines[0] ?? [];

function start(): { codemode: Codemode; sent: unknown[] } {
  if (createEngine === undefined) throw new Error("no engine");
  const sent: unknown[] = [];
  const send = {
    effect: "write" as const,
    input: { type: "object" },
    run: (args: unknown) => (sent.push(args), "sent"),
  };
  const codemode = createCodemode({
    sources: [createFunctionsSource("s", { send, other: send })],
    engine: createEngine(),
    check: "off",
    answerWith: (runId) => `answer ${runId}`,
  });
  onTestFinished(() => codemode.close());
  return { codemode, sent };
}

const many = (count: number, bytes: number): string =>
  `return (await Promise.all(Array.from({ length: ${count} }, (_, n) => tools.s[n % 10 === 0 ? "other" : "send"]({ n, text: "x".repeat(${bytes}) })))).length`;

describe("a run that asks a thousand times", () => {
  it("is bounded in document, text, page and form, and answered page by page", async () => {
    const { codemode, sent } = start();
    const { document, text } = await codemode.execute({ code: many(1_000, 5_000) });
    const { runId } = document;
    expect(document.pending).toHaveLength(100);
    expect(document.pendingCounts).toEqual([
      { path: "s.send", kind: "approval", count: 900 },
      { path: "s.other", kind: "approval", count: 100 },
    ]);
    expect(JSON.stringify(document.pending).length).toBeLessThan(600_000);
    expect(document.pending?.[0]).toMatchObject({ cut: { chars: 5_017 } });
    expect(text).toContain("in all: s.send ×900, s.other ×100");
    expect(text.length).toBeLessThan(10_000);

    const page = await codemode.questions({ runId });
    expect(page.total).toBe(1_000);
    expect(page.questions.length).toBeGreaterThan(0);
    expect(page.questions.length).toBeLessThanOrEqual(20);
    expect(page.text.length).toBeLessThan(40_000);
    expect(page.text).toContain("In all 1000 questions are open: s.send ×900, s.other ×100");
    expect(page.text).toContain(`codemode show ${runId} --call 1`);
    expect(questionsToForm(page)?.params.message.length).toBeLessThan(40_000);

    const last = page.questions.at(-1)?.seq ?? 0;
    const next = await codemode.questions({ runId, after: last });
    expect(next.questions[0]?.seq).toBe(last + 1);
    for (const { seq, binding } of page.questions)
      await codemode.answer({ runId, seq, binding, approve: true });
    const { document: resumed } = await codemode.resume({ runId });
    // Of what was asked together nothing is sent while a page of it is unanswered.
    expect([resumed.status, sent.length]).toEqual(["paused", 0]);
    expect((await codemode.questions({ runId })).total).toBe(1_000 - page.questions.length);
  }, 60_000);

  it("shows one call whole, by its number", async () => {
    const { codemode } = start();
    const { document } = await codemode.execute({ code: many(2, 100_000) });
    const { runId } = document;
    const { call } = await codemode.show({ runId, seq: 2 });
    expect(call).toMatchObject({ seq: 2, path: "s.send", args: { n: 1, text: "x".repeat(100_000) } });
    const [one] = (await codemode.questions({ runId, seq: 2 })).questions;
    expect(one?.args).toEqual(call?.args);
    await expect(codemode.show({ runId, seq: 3 })).rejects.toMatchObject({ code: "usage" });
  });

  it.each([
    [4_000, false],
    [4_001, true],
  ])("cuts arguments of more than 4,000 characters of JSON: %i, cut %s", async (chars, cut) => {
    const { codemode } = start();
    const text = "x".repeat(chars - '{"text":""}'.length);
    const { document } = await codemode.execute({ code: `return await tools.s.send({ text: "${text}" })` });
    expect(document.pending?.[0]?.cut !== undefined).toBe(cut);
  });

  it.each([
    [100, undefined],
    [101, 1],
  ])("lists 100 questions in a document, and counts more: %i", async (count, counts) => {
    const { codemode } = start();
    const { document } = await codemode.execute({
      code: `return (await Promise.all(Array.from({ length: ${count} }, (_, n) => tools.s.send({ n })))).length`,
    });
    expect([document.pending?.length, document.pendingCounts?.length]).toEqual([100, counts]);
  });
});

describe("many runs that ask", () => {
  it("are listed page by page", async () => {
    const { codemode } = start();
    for (let n = 0; n < 5; n += 1) await codemode.execute({ code: `return await tools.s.send({ n: ${n} })` });
    const first = await codemode.pending({ limit: 3 });
    const second = await codemode.pending({ limit: 3, before: first.at(-1)?.runId ?? "" });
    expect([first.length, second.length]).toEqual([3, 2]);
    expect(new Set([...first, ...second].map(({ runId }) => runId)).size).toBe(5);
  });
});
