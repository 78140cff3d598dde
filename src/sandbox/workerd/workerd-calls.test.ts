import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { GuestError } from "../../spec/engine.ts";
import type { Value } from "../../spec/value.ts";
import { completed, failed, runProgram, type RunProgramOptions } from "../../../test/fixtures/run-program.ts";
import { createWorkerdEngine } from "./create-workerd-engine.ts";

const engine = createWorkerdEngine();
beforeAll(async () => void (await engine.ready()));
afterAll(() => engine[Symbol.asyncDispose]());

const run = (code: string, options?: RunProgramOptions) => runProgram(engine, code, options);
const valueOf = async (code: string, options?: RunProgramOptions): Promise<Value> =>
  completed(await run(code, options));
const errorOf = async (code: string, options?: RunProgramOptions): Promise<GuestError> =>
  failed(await run(code, options));

describe("calls", () => {
  test("leave in the order they were written, run in parallel, and settle in any order", async () => {
    const waiting: (() => void)[] = [];
    const { outcome, calls } = await run(
      `const names = ["a", "b", "c"];
       const order = [];
       const all = await Promise.all(names.map(async (n) => {
         const value = await tools.source[n]({ n });
         order.push(n);
         return value;
       }));
       return { all, order };`,
      {
        answer: ({ path }) =>
          new Promise((resolve) => {
            waiting.push(() => resolve(path.join(".")));
            if (waiting.length === 3) setImmediate(() => waiting.toReversed().forEach((answer) => answer()));
          }),
      },
    );
    expect(calls.map(({ seq, kind, path, line }) => ({ seq, kind, path, line }))).toEqual([
      { seq: 1, kind: "tool", path: ["source", "a"], line: 4 },
      { seq: 2, kind: "tool", path: ["source", "b"], line: 4 },
      { seq: 3, kind: "tool", path: ["source", "c"], line: 4 },
    ]);
    expect(outcome).toEqual({
      status: "completed",
      value: { all: ["source.a", "source.b", "source.c"], order: ["c", "b", "a"] },
    });
  });

  test("one delivery's microtasks end before the next delivery begins", async () => {
    const { calls } = await run(
      `const chain = async (name, hops) => {
         await tools.t.first(name);
         for (let i = 0; i < hops; i++) await null;
         await tools.t.second(name);
       };
       await Promise.all([chain("long", 200), chain("short", 0)]);`,
    );
    expect(calls.map(({ args }) => args[0])).toEqual(["long", "short", "long", "short"]);
  });

  test("carry every documented value both ways", async () => {
    const value = {
      u: undefined,
      n: [Number.NaN, Infinity, -Infinity, -0],
      big: 2n ** 80n,
      at: new Date(5),
      bytes: new Uint8Array([1, 2, 255]),
      map: new Map<Value, Value>([["k", new Set<Value>([1, "two"])]]),
      tag: { $: ["date", 1] },
    };
    const { outcome, calls } = await run(
      `const got = await tools.a.b({ bytes: new Uint8Array([9]).buffer, m: new Map([[1, 2n]]) });
       const seen = got.at instanceof Date && got.map.get("k").has("two") && got.bytes[2] === 255;
       return { got, seen };`,
      { answer: () => value },
    );
    expect(calls[0]?.args).toEqual([{ bytes: new Uint8Array([9]), m: new Map([[1, 2n]]) }]);
    expect(outcome).toEqual({ status: "completed", value: { got: value, seen: true } });
  });

  test("that fail throw an error with code, hint and the snippet's line", async () => {
    const value = await valueOf(
      `try {
         await tools.a.b();
       } catch (e) {
         return [e instanceof ToolError, e instanceof Error, e.name, e.code, e.message, e.hint, e.stack];
       }`,
      { answer: () => Promise.reject(new Error("nope")) },
    );
    expect(value).toEqual([
      true,
      true,
      "ToolError",
      "tool_failed",
      "nope",
      "Try again.",
      expect.stringMatching(/^ToolError: nope\n\s+at .*snippet\.js:2:/),
    ]);
    const error = await errorOf("\n\n  await tools.a.b();", {
      answer: () => Promise.reject(new Error("nope")),
    });
    expect(error).toMatchObject({
      code: "tool_failed",
      message: "nope",
      hint: "Try again.",
      line: 3,
      column: 17,
    });
  });

  test.each([
    ["tools.a.b({ f() {} })", "value_unsupported", "args.f is a function"],
    ["tools.a.b({}, tools.a.c())", "value_unsupported", "args[1] is a Promise: await it first"],
    ["tools.a.b('x'.repeat(200))", "value_too_large", "args makes the value larger"],
    ["tools.a['x'.repeat(2000)]()", "tool_not_found", "path this long"],
  ])("that cannot leave fail readably: %s", async (code, expected, message) => {
    const { outcome, calls } = await run(`await ${code}`, { limits: { argumentBytes: 100 } });
    expect(outcome).toMatchObject({ error: { code: expected, message: expect.stringContaining(message) } });
    expect(calls.filter(({ path }) => path[1] === "b")).toEqual([]);
  });

  test("without an answer are bounded, and the guest hears of it", async () => {
    const { outcome, calls } = await run(
      `const all = await Promise.allSettled(Array.from({ length: 100_000 }, () => tools.a.b()));
       return [all.filter((r) => r.status === "fulfilled").length, all.at(-1).reason.code];`,
      { limits: { calls: 40, timers: 10 }, answer: () => 1 },
    );
    expect(calls).toHaveLength(50);
    expect(outcome).toEqual({ status: "completed", value: [50, "call_limit"] });
  });
});

describe("tools and codemode", () => {
  test.each([
    ["typeof tools.a.then", "undefined"],
    ["tools.a[Symbol.iterator]", undefined],
    ["(await tools.a) !== undefined", true],
    ["String(tools.constructor.constructor).length > 0", expect.anything()],
  ])("%s", async (code, expected) => {
    const { outcome, calls } = await run(`try { return ${code} } catch (e) { return e.message }`);
    expect(outcome).toEqual({ status: "completed", value: expected });
    expect(calls.filter(({ path }) => !/^(toString|valueOf)$/.test(path.at(-1) ?? ""))).toEqual([]);
  });

  test.each(["Object.keys(tools)", "'a' in tools.b", "tools.a = 1", "({ ...tools })"])(
    "%s says to search",
    async (code) => {
      expect(await errorOf(`${code};`)).toMatchObject({
        code: "snippet_threw",
        message: expect.stringContaining("codemode.search"),
      });
    },
  );

  test("builtins are calls, steps run in place", async () => {
    const { outcome, calls } = await run(
      `const found = await codemode.search({ query: "x" });
       const made = await codemode.step("make", async () => found.q + 1);
       return [found, made];`,
      { answer: () => ({ q: 1 }) },
    );
    expect(calls).toMatchObject([{ kind: "builtin", path: ["search"], args: [{ query: "x" }] }]);
    expect(outcome).toEqual({ status: "completed", value: [{ q: 1 }, 2] });
  });
});
