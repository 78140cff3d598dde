import { afterEach, expect, test } from "vitest";
import { createCodemode, createFunctionsSource, createWorkerdEngine } from "../index.ts";
import type { Codemode, CodemodeOptions } from "../index.ts";

const open: Codemode[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

function start(options: Partial<CodemodeOptions> = {}): {
  readonly codemode: Codemode;
  readonly done: string[];
} {
  const done: string[] = [];
  const shop = createFunctionsSource("shop", {
    look: { effect: "read", run: ({ what }: { what: string }) => done.push(`look ${what}`) },
    order: { run: ({ what }: { what: string }) => done.push(`order ${what}`) },
  });
  const codemode = createCodemode({
    sources: [shop],
    engine: createWorkerdEngine(),
    policy: "allow-all",
    check: "off",
    ...options,
  });
  open.push(codemode);
  return { codemode, done };
}

test("reads, and ends at the first write whose result is needed, with all writes asked for by then", async () => {
  const { codemode, done } = start();
  const { document, text } = await codemode.execute({
    dryRun: true,
    code: `
      await tools.shop.look({ what: "pear" });
      console.log("looked");
      await Promise.all([tools.shop.order({ what: "pear" }), tools.shop.order({ what: "fig" })]);
      await tools.shop.look({ what: "never" });`,
  });
  expect(done).toEqual(["look pear"]);
  expect(document).toMatchObject({
    status: "completed",
    dryRun: true,
    logs: [{ text: "looked" }],
    writes: [
      { path: "shop.order", args: { what: "pear" }, state: "intent" },
      { path: "shop.order", args: { what: "fig" }, state: "intent" },
    ],
  });
  expect(document).not.toHaveProperty("pending");
  expect(text).toContain("Dry run: nothing was written");
  expect(text).toContain('tools.shop.order({"what":"fig"})');
  expect(text).toContain("looked");
});

test("goes on past a write whose result nobody needs", async () => {
  const { codemode, done } = start();
  const { document } = await codemode.execute({
    dryRun: true,
    code: `void tools.shop.order({ what: "pear" }); return await tools.shop.look({ what: "fig" })`,
  });
  expect(done).toEqual(["look fig"]);
  expect(document).toMatchObject({ status: "completed", result: 1, writes: [{ args: { what: "pear" } }] });
});

test.each([
  [`try { await tools.shop.order({ what: "pear" }) } catch {} return "went on"`],
  [
    `return await Promise.race([tools.shop.order({ what: "pear" }), new Promise((r) => setTimeout(r, 5, "went on"))])`,
  ],
  [`return await Promise.allSettled([tools.shop.order({ what: "pear" })])`],
])("is not talked out of it by %s", async (code) => {
  const { codemode, done } = start();
  const { document } = await codemode.execute({ dryRun: true, code });
  expect(done).toEqual([]);
  expect(document).not.toHaveProperty("result");
  expect(document.writes).toHaveLength(1);
});

test("tells a refusal of the policy as one", async () => {
  const { codemode } = start({ policy: "read-only" });
  const { document } = await codemode.execute({
    dryRun: true,
    code: `return await tools.shop.order({ what: "x" })`,
  });
  expect(document).toMatchObject({
    status: "failed",
    error: { code: "call_denied" },
    writes: [{ state: "denied" }],
  });
});

test("leaves no run, no state and nothing to resume", async () => {
  const { codemode } = start();
  const { document } = await codemode.execute({
    dryRun: true,
    code: `await codemode.state.set("k", 1); return 1`,
  });
  expect(document).toMatchObject({ status: "completed", result: 1 });
  expect(await codemode.runs()).toEqual([]);
  await expect(codemode.resume({ runId: document.runId })).rejects.toMatchObject({ code: "run_not_found" });
  const { document: later } = await codemode.execute({
    code: `return (await codemode.state.get("k")) ?? "nothing"`,
  });
  expect(later.result).toBe("nothing");
});
