import { tool } from "ai";
import { afterEach, describe, expect, it } from "vitest";
import * as z from "zod";
import { createFunctionsSource, createQuickJsEngine } from "../../index.ts";
import { codemode } from "./codemode.ts";

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each[Symbol.asyncDispose]();
});

function open<T extends AsyncDisposable>(wrapped: T): T {
  opened.push(wrapped);
  return wrapped;
}

describe("the policy of wrapped tools", () => {
  const payments = (sent: unknown[], needsApproval: unknown = true) => ({
    balance: tool({ inputSchema: z.object({}), execute: () => 100 }),
    pay: tool({
      description: "Pays somebody",
      inputSchema: z.object({ to: z.string(), amount: z.number() }),
      needsApproval: needsApproval as boolean,
      execute: async (payment) => {
        sent.push(payment);
        return { receipt: sent.length };
      },
    }),
  });
  const code = `const have = await tools.app.balance({}); return await tools.app.pay({ to: "Ann", amount: have / 2 });`;

  it("asks where needsApproval is a function that says so, fails, or must be waited for", async () => {
    const cases: readonly [unknown, "paused" | "completed"][] = [
      [({ amount }: { amount: number }) => amount > 10, "paused"],
      [({ amount }: { amount: number }) => amount > 1_000, "completed"],
      [async () => false, "paused"],
      [
        () => {
          throw new Error("broken");
        },
        "paused",
      ],
      [false, "completed"],
    ];
    for (const [needsApproval, status] of cases) {
      const { codemode: core } = open(
        codemode({ tools: payments([], needsApproval), engine: createQuickJsEngine() }),
      );
      expect((await core.execute({ code })).document.status).toBe(status);
    }
  });

  it("asks for writes of other tools, and takes the stricter of two policies", async () => {
    const notes = createFunctionsSource("notes", {
      add: { run: () => 1 },
      list: { effect: "read", run: () => [] },
    });
    const write = "return await tools.notes.add({})";
    const status = async (wrapped: ReturnType<typeof codemode>, snippet: string) =>
      (await wrapped.codemode.execute({ code: snippet })).document.status;
    const own = open(codemode({ tools: { notes, ...payments([]) }, engine: createQuickJsEngine() }));
    expect(await status(own, write)).toBe("paused");
    expect(await status(own, "return await tools.notes.list({})")).toBe("completed");
    expect(await status(own, "return await tools.app.balance({})")).toBe("completed");
    const free = open(
      codemode({
        tools: { notes: createFunctionsSource("notes", { add: { run: () => 1 } }), ...payments([]) },
        policy: "allow-all",
        engine: createQuickJsEngine(),
      }),
    );
    expect(await status(free, write)).toBe("completed");
    expect(await status(free, code)).toBe("paused");
    const strict = open(
      codemode({ tools: payments([]), policy: "read-only", engine: createQuickJsEngine() }),
    );
    expect(await status(strict, code)).toBe("failed");
  }, 120_000);
});
