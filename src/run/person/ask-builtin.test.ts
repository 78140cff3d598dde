import { afterEach, describe, expect, it } from "vitest";
import type { CodemodeOptions } from "../../codemode-options.ts";
import { createCodemode } from "../../codemode.ts";
import { createQuickJsEngine } from "../../sandbox/quickjs/create-quickjs-engine.ts";
import { createWorkerdEngine } from "../../sandbox/workerd/create-workerd-engine.ts";
import type { ModelQuestion } from "../../spec/ask.ts";
import type { Codemode } from "../../spec/codemode.ts";
import type { RunDocument } from "../../spec/run.ts";
import type { Json } from "../../spec/value.ts";

const open: Codemode[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((codemode) => codemode.close()));
});

function start(
  answers: readonly Json[] | undefined,
  options: Partial<CodemodeOptions> = {},
): { codemode: Codemode; asked: ModelQuestion[] } {
  const asked: ModelQuestion[] = [];
  const codemode = createCodemode({
    sources: [],
    engine: createWorkerdEngine(),
    ...(answers === undefined
      ? {}
      : {
          ask: async (question) => {
            asked.push(question);
            return answers[asked.length - 1] ?? "again";
          },
        }),
    ...options,
  });
  open.push(codemode);
  return { codemode, asked };
}

async function run(codemode: Codemode, code: string): Promise<RunDocument> {
  return (await codemode.execute({ code })).document;
}

const kind = `{ type: "object", properties: { kind: { type: "string", enum: ["bug", "idea"] } }, required: ["kind"] }`;

describe.each([
  ["workerd", createWorkerdEngine],
  ["quickjs", createQuickJsEngine],
] as const)("a question to a model on %s", (_name, engine) => {
  it("is typed by its schema, and not asked again by a replay", async () => {
    const { codemode, asked } = start(['```json\n{"kind":"bug"}\n```'], { engine: engine() });
    const code = `
      const { kind } = await codemode.ask({ prompt: "Which?", schema: ${kind}, maxTokens: 50 });
      const shout: "bug" | "idea" = kind;
      return [shout, await codemode.confirm("Go on?")];`;
    const { runId, status } = await run(codemode, code);
    expect(status).toBe("paused");
    await codemode.answer({ runId, approve: true });
    expect((await codemode.resume({ runId })).document.result).toEqual(["bug", true]);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ prompt: "Which?", maxTokens: 50, principal: "local", runId });
  });
});

describe("an answer", () => {
  const code = `return await codemode.ask({ prompt: "Which?", schema: ${kind} }).catch((e) => e.code)`;

  it("that does not fit is asked for once more, with what was wrong", async () => {
    const { codemode, asked } = start(["hm", '{"kind":"idea"}']);
    expect(await run(codemode, code)).toMatchObject({ result: { kind: "idea" } });
    expect(asked[1]?.prompt).toContain("did not fit");
  });

  it("that does not fit twice is an error", async () => {
    const { codemode, asked } = start(["hm", { kind: "else" }, { kind: "bug" }]);
    expect(await run(codemode, code)).toMatchObject({ result: "answer_invalid" });
    expect(asked).toHaveLength(2);
  });

  it("without a schema is text, whatever it says", async () => {
    const { codemode } = start(['{"a":1}']);
    expect(await run(codemode, `return await codemode.ask({ prompt: "x" })`)).toMatchObject({
      result: '{"a":1}',
    });
  });

  it("of a model that fails is an error of its own", async () => {
    const { codemode } = start(undefined, { ask: () => Promise.reject(new Error("no quota")) });
    const document = await run(
      codemode,
      `return await codemode.ask({ prompt: "x" }).catch((e) => [e.code, e.message])`,
    );
    expect(document.result).toEqual(["source_unavailable", "The model could not be asked: no quota"]);
  });

  it.each([
    [262_000, "string"],
    [262_144, "value_too_large"],
  ])("of %i characters is %s", async (length, expected) => {
    const { codemode } = start(["x".repeat(length)]);
    const code = `return await codemode.ask({ prompt: "x" }).then((text) => typeof text, (e) => e.code)`;
    expect(await run(codemode, code)).toMatchObject({ result: expected });
  });
});

describe("the bounds of questions", () => {
  it("lets a run ask 20 times and no more", async () => {
    const { codemode, asked } = start([]);
    const code = `
      const answers = [];
      for (let i = 0; i < 21; i += 1) answers.push(await codemode.ask({ prompt: "x" }).catch((e) => e.code));
      return answers;`;
    const { result } = await run(codemode, code);
    expect(result).toEqual([...Array.from({ length: 20 }, () => "again"), "call_limit"]);
    expect(asked).toHaveLength(20);
  });

  it.each([
    [`{ prompt: "x".repeat(100000) }`, "again"],
    [`{ prompt: "x".repeat(100001) }`, "value_too_large"],
    [`{ prompt: "x", schema: { enum: ["y".repeat(20000)] } }`, "value_too_large"],
    [`{ prompt: "" }`, "usage"],
    [`{ prompt: "x", maxTokens: 8192 }`, "again"],
    [`{ prompt: "x", maxTokens: 8193 }`, "usage"],
  ])("answers %s with %s", async (question, expected) => {
    const { codemode } = start([]);
    expect(await run(codemode, `return await codemode.ask(${question}).catch((e) => e.code)`)).toMatchObject({
      result: expected,
    });
  });

  it("ends the question with the run", async () => {
    let signal: AbortSignal | undefined;
    const cancel = new AbortController();
    const { codemode } = start(undefined, {
      ask: (question) => {
        ({ signal } = question);
        cancel.abort();
        return new Promise<never>(() => undefined);
      },
    });
    const { document } = await codemode.execute({
      code: `return await codemode.ask({ prompt: "x" })`,
      signal: cancel.signal,
    });
    expect(document.status).toBe("cancelled");
    expect(signal?.aborted).toBe(true);
  });

  it("says so where there is no model", async () => {
    const { codemode } = start(undefined);
    expect(await run(codemode, `return await codemode.ask({ prompt: "x" })`)).toMatchObject({
      status: "failed",
      error: { code: "unsupported" },
    });
  });
});
