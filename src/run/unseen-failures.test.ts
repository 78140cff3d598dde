/** What a run's answer says of calls whose failure its program never saw, and of writes by what became of them. */
import { afterAll, describe, expect, it } from "vitest";
import { CallError, type CallOutcome } from "../call-error.ts";
import { createCodemode } from "../codemode.ts";
import { createFunctionsSource } from "../connectors/functions/create-functions-source.ts";
import { createMemoryJournal } from "../journal/memory/create-memory-journal.ts";
import { createQuickJsEngine } from "../sandbox/quickjs/create-quickjs-engine.ts";
import { createWorkerdEngine } from "../sandbox/workerd/create-workerd-engine.ts";
import type { Codemode } from "../spec/codemode.ts";

const open: Codemode[] = [];
afterAll(async () => {
  await Promise.all(open.map((codemode) => codemode.close()));
});

function start(engine: "workerd" | "quickjs", policy: "allow-all" | "ask-writes" = "allow-all") {
  const input = {
    type: "object",
    properties: { id: { type: "number" }, note: { type: "string" } },
    required: ["id"],
  } as const;
  const attempts = new Map<number, number>();
  const fail = (outcome: CallOutcome) => (): never => {
    throw new CallError("tool_failed", `said ${outcome}`, { outcome });
  };
  const shop = createFunctionsSource("shop", {
    save: { input, effect: "write", run: ({ id }: { id: number }) => ({ saved: id }) },
    slow: {
      input,
      effect: "write",
      run: async () => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        throw new Error("too late");
      },
    },
    refuse: { input, effect: "write", run: fail("refused") },
    partly: { input, effect: "write", run: fail("failed") },
    lose: { input, effect: "write", run: fail("unknown") },
    // Refused once, as an API that is called too often does.
    limited: {
      input,
      effect: "write",
      run: ({ id }: { id: number }) => {
        const attempt = (attempts.get(id) ?? 0) + 1;
        attempts.set(id, attempt);
        if (attempt === 1) throw new CallError("tool_failed", "429", { outcome: "refused" });
        return { id };
      },
    },
    read: {
      input: { type: "object" },
      effect: "read",
      run: () => new Promise((resolve) => setTimeout(resolve, 200, 1)),
    },
  });
  const codemode = createCodemode({
    sources: [shop],
    engine: engine === "workerd" ? createWorkerdEngine() : createQuickJsEngine(),
    journal: createMemoryJournal(),
    policy,
    check: "off",
    inDoubt: "tell",
    limits: { callsInFlight: 4 },
  });
  open.push(codemode);
  return codemode;
}

describe.each(["workerd", "quickjs"] as const)("on %s", (engine) => {
  const codemode = start(engine);
  const execute = async (code: string) => codemode.execute({ code });

  it("names calls with wrong arguments that nobody awaited", async () => {
    const { document, text } = await execute(
      `[1, 2, 3].forEach(async (id) => { await tools.shop.save({ item: id }) }); return "all saved"`,
    );
    expect(document).toMatchObject({
      status: "completed",
      unseen: [{ path: "shop.save", code: "tool_arguments_invalid", outcome: "not_sent", count: 3 }],
    });
    expect(document.calls.map(({ ok, outcome }) => [ok, outcome])).toEqual(
      [1, 2, 3].map(() => [false, "not_sent"]),
    );
    expect(text).toMatch(
      /^3 calls did not succeed[^]*tools\.shop\.save ×3: not sent\. tool_arguments_invalid/,
    );
    expect(text).not.toContain("all done");
  });

  it("names a call of a tool that there is not", async () => {
    const { document } = await execute(`tools.shop.sav({ id: 1 }); return "saved"`);
    expect(document.unseen).toMatchObject([{ path: "shop.sav", code: "tool_not_found", count: 1 }]);
  });

  it("names a write that failed after the program had ended, kept with the run", async () => {
    const { document, text } = await execute(`tools.shop.slow({ id: 1 }); return 1`);
    expect(document.unseen).toMatchObject([{ path: "shop.slow", outcome: "failed", message: "too late" }]);
    expect(text).toContain("failed, and may have happened in part. tool_failed: too late");
    const later = await codemode.show({ runId: document.runId });
    expect(later.unseen).toEqual(document.unseen);
  });

  it("names writes that were not begun, and no reads that nobody waited for", async () => {
    const { document } = await execute(
      `for (let id = 0; id < 9; id++) tools.shop.slow({ id }); tools.shop.read(); return 1`,
    );
    expect(document.unseen?.map(({ path, code, count }) => [path, code, count])).toEqual([
      ["shop.slow", "tool_failed", 4],
      ["shop.slow", undefined, 5],
    ]);
  });

  it.each([
    ["caught", "try { await tools.shop.save({}) } catch {} return 1"],
    ["settled", "await Promise.allSettled([tools.shop.save({}), tools.shop.refuse({ id: 1 })]); return 1"],
    ["told at the end", "return await tools.shop.refuse({ id: 1 }).catch((e) => e.outcome)"],
    ["thrown", "await tools.shop.refuse({ id: 1 })"],
    ["lost in a race of reads", "return await Promise.race([tools.shop.read(), 1])"],
  ])("says nothing of failures that were %s", async (_, code) => {
    const { document } = await execute(code);
    expect(document.unseen).toBeUndefined();
  });

  it("tells the program what became of each call", async () => {
    const { document } = await execute(
      `const of = (call) => call.catch((error) => error.outcome);
       return [await of(tools.shop.save({})), await of(tools.shop.refuse({ id: 1 })), await of(tools.shop.partly({ id: 1 })), await of(tools.shop.lose({ id: 1 })), await of(tools.nobody.there())]`,
    );
    expect(document.result).toEqual(["not_sent", "refused", "failed", "unknown", "not_sent"]);
  });
});

describe("what is said of writes", () => {
  const codemode = start("quickjs");
  const failing = async (code: string) =>
    (await codemode.execute({ code: `${code}\nthrow new Error("stop")` })).text;

  it("tells refused from done, from perhaps and from in doubt", async () => {
    const text = await failing(
      `await tools.shop.save({ id: 1 });
       for (const name of ["refuse", "partly", "lose"]) await tools.shop[name]({ id: 2, note: "n" }).catch(() => 0);`,
    );
    expect(text).toMatch(/which a new run must not repeat:\n- tools\.shop\.save\(\{"id":1\}\): done\n/);
    expect(text).toMatch(/In doubt: [^\n]*\n- tools\.shop\.lose\(\{"id":2,"note":"n"\}\)/);
    expect(text).toMatch(
      /may have happened in part\. [^\n]*\n- tools\.shop\.partly\(\{"id":2,"note":"n"\}\)/,
    );
    expect(text).toContain("Refused, and did not happen; a new run may send it again: shop.refuse");
    expect(text).not.toMatch(/must not repeat[^]*shop\.refuse\(/);
  });

  it("counts what is long, and shows no arguments that no decision needs", async () => {
    const note = "x".repeat(3_000);
    const text = await failing(
      `for (let id = 0; id < 40; id++) await tools.shop.save({ id });
       for (let id = 0; id < 27; id++) await tools.shop.refuse({ id, note: "${note}" }).catch(() => 0);`,
    );
    expect(text).toContain('must not repeat: shop.save ×40; the last of them:\n- tools.shop.save({"id":39})');
    expect(text).toContain("may send it again: shop.refuse ×27");
    expect(text).not.toContain("xxx");
    expect(text.length).toBeLessThan(900);
  });

  it("says in one line what was refused and then done", async () => {
    const code = `for (let id = 0; id < 27; id++) { await tools.shop.limited({ id }).catch(() => 0); await tools.shop.limited({ id }) } return "done"`;
    const { text } = await codemode.execute({ code });
    expect(text.split("\n").filter((line) => line.includes("shop.limited"))).toEqual([
      expect.stringContaining("Calls: shop.limited ×54 (27 failed)"),
      "Writes done: shop.limited ×27",
      "Refused at first, then sent again and done: shop.limited ×27",
    ]);
  });
});

describe("a run that goes on", () => {
  it("is listed as running once it sends, and before that when it takes long", async () => {
    const journal = createMemoryJournal();
    const sending = Promise.withResolvers<void>();
    const going = Promise.withResolvers<void>();
    const shop = createFunctionsSource("shop", {
      pay: {
        input: { type: "object" },
        effect: "write",
        run: async () => {
          sending.resolve();
          await going.promise;
          return 1;
        },
      },
    });
    const codemode = createCodemode({
      sources: [shop],
      engine: createQuickJsEngine(),
      journal,
      policy: "allow-all",
      check: "off",
    });
    open.push(codemode);
    const run = codemode.execute({ code: "return await tools.shop.pay({})" });
    await sending.promise;
    // As another host sees it, which finds it so when this one has died.
    expect((await journal.runs({ principal: "local" })).map(({ status }) => status)).toEqual(["running"]);
    going.resolve();
    expect((await run).document.status).toBe("completed");
    const waiting = codemode.execute({
      code: "await new Promise((resolve) => setTimeout(resolve, 1500)); return 1",
    });
    const latest = async () => (await journal.runs({ principal: "local", limit: 1 }))[0]?.status;
    await expect.poll(latest, { timeout: 5_000, interval: 20 }).toBe("running");
    expect((await waiting).document.status).toBe("completed");
  });
});
