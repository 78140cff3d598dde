import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, expectTypeOf, test } from "vitest";
import * as z from "zod";
import type { CallContext, Source } from "../../spec/source.ts";
import type { Value } from "../../spec/value.ts";
import { createFunctionsSource } from "./create-functions-source.ts";
import { createFunctionGroup, type FunctionTree } from "./function-definition.ts";

function context(over: Partial<CallContext> = {}): CallContext {
  return {
    signal: new AbortController().signal,
    timeoutMs: 5_000,
    principal: "local",
    runId: "run",
    seq: 1,
    maxResultBytes: 1_000_000,
    ...over,
  };
}

const call = async (
  source: Source,
  upstreamName: string,
  args: Value = {},
  over: Partial<CallContext> = {},
) => (await source.call({ upstreamName, args }, context(over))).value;

const list = async (source: Source) => await source.list({ signal: new AbortController().signal });

const sources = {
  zod: createFunctionsSource("app", {
    add: {
      input: z.object({ n: z.number(), text: z.string().transform((text) => text.length) }),
      run: ({ n, text }) => n + text,
    },
  }),
  valibot: createFunctionsSource("app", {
    add: {
      input: v.object({
        n: v.number(),
        text: v.pipe(
          v.string(),
          v.transform((text) => text.length),
        ),
      }),
      run: ({ n, text }) => n + text,
    },
  }),
  arktype: createFunctionsSource("app", {
    add: {
      input: type({ n: "number", text: type("string").pipe((text) => text.length) }),
      run: ({ n, text }) => n + text,
    },
  }),
};

describe.each(Object.entries(sources))("a schema of %s", (_vendor, source) => {
  test("becomes the JSON Schema of what the caller passes", async () => {
    const [tool] = (await list(source)).tools;
    expect(tool?.input).toMatchObject({
      type: "object",
      properties: { n: { type: "number" }, text: { type: "string" } },
      required: ["n", "text"],
    });
    expect(tool?.input).not.toHaveProperty("$schema");
  });

  test("validates and transforms", async () => {
    expect(await call(source, "add", { n: 2, text: "abc" })).toBe(5);
    await expect(call(source, "add", { n: "2", text: "abc" })).rejects.toMatchObject({
      code: "tool_arguments_invalid",
      message: expect.stringMatching(/"add".*n/s),
    });
  });
});

test("arguments are inferred from each input, groups included", () => {
  createFunctionsSource("app", {
    one: {
      input: z.object({ n: z.number() }),
      run: (args) => expectTypeOf(args).toEqualTypeOf<{ n: number }>(),
    },
    two: { input: { type: "object" }, run: (args) => expectTypeOf(args).toBeAny() },
    three: async (args: { s: string }) => args.s,
    group: createFunctionGroup({
      four: { input: v.object({ s: v.string() }), run: ({ s }) => expectTypeOf(s).toEqualTypeOf<string>() },
    }),
  });
});

test("groups nest, whether typed or plain", async () => {
  const source = createFunctionsSource("app", {
    repos: { list: async () => ["a"], admin: { purge: { effect: "destructive", run: () => "gone" } } },
    issues: createFunctionGroup({ get: { effect: "read", run: () => 7 } }),
    run: { description: "named run", run: () => 8 },
  });
  const { tools } = await list(source);
  expect(tools.map((tool) => [tool.name.join("/"), tool.effect])).toEqual([
    ["repos/list", undefined],
    ["repos/admin/purge", "destructive"],
    ["issues/get", "read"],
    ["run", undefined],
  ]);
  expect(await call(source, "repos.admin.purge")).toBe("gone");
  expect(await call(source, "issues.get")).toBe(7);
});

test("native values pass through as they are", async () => {
  const at = new Date(0);
  const source = createFunctionsSource("app", {
    echo: { input: z.object({ at: z.date(), tags: z.map(z.string(), z.bigint()) }), run: (args) => args },
  });
  const args = { at, tags: new Map([["a", 1n]]) };
  expect(await call(source, "echo", args)).toEqual(args);
});

test("a JSON Schema is listed as given, a union of objects counts as an object", async () => {
  const source = createFunctionsSource("app", {
    a: {
      input: { type: "object", properties: { s: { type: "string" } } },
      output: { type: "number" },
      run: () => 1,
    },
    b: { input: z.union([z.object({ a: z.string() }), z.object({ b: z.string() })]), run: () => 1 },
  });
  const [a, b] = (await list(source)).tools;
  expect(a).toMatchObject({ input: { properties: { s: { type: "string" } } }, output: { type: "number" } });
  expect(b?.input).toMatchObject({ type: "object", anyOf: [{ type: "object" }, { type: "object" }] });
});

test("what a function throws fails the call with its message only", async () => {
  const source = createFunctionsSource("app", {
    sync: {
      run: () => {
        throw Object.assign(new Error("no such row"), { secret: "canary" });
      },
    },
    late: {
      run: async () => {
        await Promise.resolve();
        throw "plain text";
      },
    },
    silent: {
      run: () => {
        throw new Error("");
      },
    },
  });
  const failure = await call(source, "sync").catch((thrown: unknown) => thrown);
  expect(failure).toMatchObject({ code: "tool_failed", message: "no such row" });
  expect(failure).toHaveProperty("data", undefined);
  expect(JSON.stringify(failure)).not.toContain("canary");
  await expect(call(source, "late")).rejects.toMatchObject({ code: "tool_failed", message: "plain text" });
  await expect(call(source, "silent")).rejects.toMatchObject({
    message: expect.stringContaining('"silent"'),
  });
});

test("an answer has to satisfy a Standard Schema output, whose transforms apply", async () => {
  const output = z.object({ n: z.number() }).transform(({ n }) => n * 2);
  const source = createFunctionsSource("app", {
    good: { output, run: () => ({ n: 2 }) },
    bad: { output, run: () => ({ n: "2" }) },
  });
  expect(await call(source, "good")).toBe(4);
  await expect(call(source, "bad")).rejects.toMatchObject({ code: "tool_result_invalid" });
});

test("a function that ignores its deadline or the signal is not waited for", async () => {
  const source = createFunctionsSource("app", { hang: { run: () => new Promise(() => undefined) } });
  await expect(call(source, "hang", {}, { timeoutMs: 20 })).rejects.toMatchObject({ code: "source_timeout" });
  const aborted = AbortSignal.timeout(20);
  await expect(call(source, "hang", {}, { signal: aborted })).rejects.toMatchObject({
    code: "run_cancelled",
  });
});

test("revert receives validated arguments and the answer", async () => {
  const undone: unknown[] = [];
  const source = createFunctionsSource("app", {
    create: {
      input: z.object({ name: z.string() }),
      run: ({ name }) => ({ id: `${name}-1` }),
      revert: ({ name }, result: { id: string }) => undone.push(name, result.id),
    },
    read: { run: () => 1 },
  });
  expect((await list(source)).tools.map((tool) => tool.revertible)).toEqual([true, undefined]);
  await source.revert?.({ upstreamName: "create", args: { name: "x" } }, { id: "x-1" }, context());
  expect(undone).toEqual(["x", "x-1"]);
  await expect(source.revert?.({ upstreamName: "read", args: {} }, 1, context())).rejects.toMatchObject({
    code: "tool_failed",
  });
});

test("a definition that cannot be a tool is refused at once, by name", () => {
  const custom = {
    "~standard": { version: 1 as const, vendor: "own", validate: (value: unknown) => ({ value }) },
  };
  const run = (): number => 1;
  const make = (functions: FunctionTree) => () => createFunctionsSource("app", functions);
  expect(make({ a: { input: z.string(), run } })).toThrow(/"a" takes "string"/);
  expect(make({ a: { input: custom, run } })).toThrow(/"a" \(own\) has no conversion/);
  expect(make({ a: { input: 7, run } })).toThrow(/input of function "a" is no schema/);
  expect(make({ "a.b": { run }, a: { b: { run } } })).toThrow(/"a\.b" is defined twice/);
  // @ts-expect-error a number is no function
  expect(make({ a: { b: 7 } })).toThrow(/"a\.b" is neither/);
});

test("an answer that is no data is refused", async () => {
  const source = createFunctionsSource("app", { a: { run: () => () => 1 } });
  await expect(call(source, "a")).rejects.toMatchObject({ code: "tool_result_invalid" });
});

test("the fingerprint follows the definitions", () => {
  const make = (description: string) =>
    createFunctionsSource("app", { a: { description, run: () => 1 } }).fingerprint;
  expect(make("x")).toBe(make("x"));
  expect(make("x")).not.toBe(make("y"));
});

test("names of Object.prototype are ordinary names, and absent ones are not found", async () => {
  const source = createFunctionsSource("app", { constructor: { run: () => "mine" } });
  expect(await call(source, "constructor")).toBe("mine");
  await expect(call(source, "toString")).rejects.toMatchObject({ code: "tool_not_found" });
  await source[Symbol.asyncDispose]();
  await expect(call(source, "constructor")).rejects.toMatchObject({ code: "source_unavailable" });
});
