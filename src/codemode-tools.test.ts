import * as v from "valibot";
import { afterAll, describe, expect, expectTypeOf, test } from "vitest";
import * as z from "zod";
import {
  createCodemode,
  createFunctionGroup,
  createFunctionsSource,
  createQuickJsEngine,
  type Codemode,
  type Source,
} from "./index.ts";
import type { AsJson, IdentifierOf } from "./spec/typed-source.ts";

const hub = createFunctionsSource("my-hub", {
  "create-issue": {
    input: z.object({ title: z.string(), points: z.number().optional(), size: z.string().default("m") }),
    output: z.object({ number: z.number(), at: z.date() }),
    run: ({ title, size }) => ({ number: title.length + size.length, at: new Date(0) }),
  },
  lengths: {
    effect: "read",
    input: v.object({
      text: v.pipe(
        v.string(),
        v.transform((text) => text.length),
      ),
    }),
    run: ({ text }) => ({ text, big: 1n, names: new Set(["a"]), sizes: new Map([["a", 1]]) }),
  },
  loose: { effect: "read", input: { type: "object" }, run: ({ q }) => [q] },
  plain: async ({ s }: { s: string }) => s.length,
  nested: createFunctionGroup({
    deep: { effect: "read", run: () => "deep" },
    natives: {
      effect: "read",
      input: z.object({
        at: z.date(),
        n: z.bigint(),
        bytes: z.instanceof(Uint8Array),
      }),
      run: ({ at, n, bytes }) => [at.getTime(), n + 1n, bytes.length],
    },
  }),
  fail: {
    effect: "read",
    run: () => {
      throw new Error("no");
    },
  },
});
const trees = createFunctionsSource("trees", {
  repos: { list: { effect: "read", input: z.object({ page: z.number() }), run: () => ["a"] } },
});
const codemode = createCodemode({
  sources: [hub, trees],
  engine: createQuickJsEngine(),
  policy: "allow-all",
});
const asking = createCodemode({
  sources: [createFunctionsSource("w", { write: async () => 1 })],
  engine: createQuickJsEngine(),
});
afterAll(() => Promise.all([codemode.close(), asking.close()]));

describe("codemode.tools", () => {
  test("calls tools with the types of their schemas", async () => {
    const { tools } = codemode;
    const issue = await tools.my_hub.create_issue({ title: "abc" });
    expectTypeOf(issue).toEqualTypeOf<{ number: number; at: string }>();
    expect(issue).toEqual({ number: 4, at: "1970-01-01T00:00:00.000Z" });
    const lengths = await tools.my_hub.lengths({ text: "four" });
    expectTypeOf(lengths).toEqualTypeOf<{
      text: number;
      big: string;
      names: string[];
      sizes: { [key: string]: number };
    }>();
    expect(lengths).toEqual({ text: 4, big: 1n, names: ["a"], sizes: { a: 1 } });
    expect(await tools.my_hub.loose({ q: 1 })).toEqual([1]);
    expectTypeOf(tools.my_hub.plain).toEqualTypeOf<(args: { s: string }) => Promise<number>>();
    expect(await tools.my_hub.plain({ s: "xy" })).toBe(2);
    expectTypeOf(await tools.my_hub.nested.deep()).toEqualTypeOf<string>();
    expect(await tools.my_hub.nested.deep()).toBe("deep");
    expect(await tools.trees.repos.list({ page: 1 })).toEqual(["a"]);
  });

  test("refuses at compile time what does not fit", () => {
    const { tools } = codemode;
    const wrong = [
      // @ts-expect-error -- a wrong type
      () => tools.my_hub.create_issue({ title: 1 }),
      // @ts-expect-error -- a missing argument
      () => tools.my_hub.create_issue(),
      // @ts-expect-error -- what the schema takes, not what it makes of it
      () => tools.my_hub.lengths({ text: 4 }),
      // @ts-expect-error -- an unknown tool
      () => tools.my_hub.create_isue({ title: "x" }),
      // @ts-expect-error -- an unknown source
      () => tools.hub.create_issue({ title: "x" }),
      // @ts-expect-error -- within a tree
      () => tools.trees.repos.list({ page: "1" }),
    ];
    expect(wrong).toHaveLength(6);
  });

  test("takes what JSON lacks", async () => {
    const answer = await codemode.tools.my_hub.nested.natives({
      at: new Date(5),
      n: 2n ** 70n,
      bytes: new Uint8Array([0, 255, 34]),
    });
    expect(answer).toEqual([5, 2n ** 70n + 1n, 3]);
  });

  test.each([new Set([1]), new Map([["x", [Number.NaN]]])])("says what to write instead of %s", async (q) => {
    await expect(codemode.tools.my_hub.loose({ q })).rejects.toMatchObject({
      code: "tool_arguments_invalid",
      message: expect.stringContaining("which JSON cannot say"),
    });
  });

  test("throws what a run fails with, and says who is waited for", async () => {
    await expect(codemode.tools.my_hub.fail()).rejects.toMatchObject({
      name: "CodemodeError",
      code: "tool_failed",
      message: "no",
    });
    const paused: unknown = await asking.tools.w.write({}).catch((error: unknown) => error);
    expect(paused).toMatchObject({
      code: "run_paused",
      data: { runId: expect.any(String), pending: [{ path: "w.write" }] },
    });
  });

  test("is no promise, holds nothing that is inherited, and cannot be written to", async () => {
    const tools: object = codemode.tools;
    expect(await Promise.resolve(tools)).toBe(tools);
    for (const name of ["then", "toString", "constructor", "__proto__", Symbol.iterator])
      expect(Reflect.get(tools, name)).toBeUndefined();
    expect(Reflect.set(tools, "x", 1)).toBe(false);
    const other = createCodemode<{ nowhere: { tool(): Promise<unknown> } }>({
      sources: [],
      engine: createQuickJsEngine(),
    });
    await expect(other.tools.nowhere.tool()).rejects.toMatchObject({ code: "tool_not_found" });
    await other.close();
  });
});

test("types of tools: none for other sources, those that were declared where they are given", () => {
  const other: Source = trees;
  const mixed = () => createCodemode({ sources: [hub, other], engine: createQuickJsEngine() });
  expectTypeOf<ReturnType<typeof mixed>["tools"]["anything"]>().toBeAny();
  expectTypeOf<ReturnType<typeof mixed>["tools"]["my_hub"]["plain"]>().toEqualTypeOf<
    (args: { s: string }) => Promise<number>
  >();
  interface Tools {
    github: { issues: { create(args: { title: string }): Promise<{ number: number }> } };
  }
  const declared = () => createCodemode<Tools>({ sources: [other], engine: createQuickJsEngine() });
  expectTypeOf<ReturnType<typeof declared>["tools"]>().toEqualTypeOf<Tools>();
  expectTypeOf<ReturnType<typeof declared>>().toExtend<Codemode>();
  expectTypeOf<typeof codemode>().toExtend<Codemode>();
});

test("names and values have the types of what becomes of them", () => {
  expectTypeOf<IdentifierOf<"get-sum">>().toEqualTypeOf<"get_sum">();
  expectTypeOf<IdentifierOf<"2fa">>().toEqualTypeOf<"_2fa">();
  expectTypeOf<IdentifierOf<"delete">>().toEqualTypeOf<"delete_">();
  expectTypeOf<IdentifierOf<"größe.$x">>().toEqualTypeOf<"größe_$x">();
  expectTypeOf<IdentifierOf<"">>().toEqualTypeOf<"_">();
  expectTypeOf<IdentifierOf<string>>().toEqualTypeOf<string>();
  expectTypeOf<AsJson<{ a?: Date; b: (bigint | null)[]; c: [Uint8Array, "x"] }>>().toEqualTypeOf<{
    a?: string;
    b: (string | null)[];
    c: [string, "x"];
  }>();
  expectTypeOf<AsJson<unknown>>().toEqualTypeOf<unknown>();
  expectTypeOf<AsJson<void>>().toEqualTypeOf<void>();
});
