/** One client that sends hundreds of runs, checks and searches beside one that sends a few, under one principal. */
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { createCodemode, createFunctionsSource, createQuickJsEngine } from "../../src/index.ts";
import type { Codemode } from "../../src/index.ts";

const floodSize = Number(process.env["CODEMODE_FLOOD"] ?? 80);

function start(most: number): Codemode {
  const codemode = createCodemode({
    sources: [
      createFunctionsSource("slow", {
        wait: { effect: "read", input: { type: "object", properties: {} }, run: () => delay(40, 1) },
      }),
    ],
    engine: createQuickJsEngine({ most, prewarm: most }),
    policy: "allow-all",
  });
  onTestFinished(() => codemode.close());
  return codemode;
}

const honest = ["user 1", "honest", "s1"];

/** Milliseconds of each of a few runs, one after the other. */
async function timed(codemode: Codemode, runs: number): Promise<number[]> {
  const times: number[] = [];
  for (let count = 0; count < runs; count += 1) {
    const began = performance.now();
    const { document } = await codemode.execute({ code: "return await tools.slow.wait({})", client: honest });
    expect(document).toMatchObject({ status: "completed", result: 1 });
    times.push(performance.now() - began);
  }
  return times;
}

describe.each([1, 2])("with %i sandbox processes", (most) => {
  test.each([
    ["one session", () => ["user 1", "flood", "s1"]],
    ["a session each", (at: number) => ["user 1", "flood", `s${at}`]],
    ["an anonymous client", () => []],
  ])(
    "hundreds of runs of one client from %s do not hold up another's",
    async (_what, clientOf) => {
      const codemode = start(most);
      await timed(codemode, 1);
      let ended = 0;
      const flood = Array.from({ length: floodSize }, async (_, at) => {
        const { document } = await codemode.execute({
          code: "return await tools.slow.wait({})",
          client: clientOf(at),
        });
        ended += 1;
        return document;
      });
      // Until the first of them are served.
      await expect.poll(() => ended, { timeout: 20_000 }).toBeGreaterThan(0);
      const before = ended;
      await timed(codemode, 3);
      // Each of the three waited for what was under way and for its own turn, not for the queue.
      expect(ended - before).toBeLessThanOrEqual(3 * (most + 2));
      await codemode.close();
      const statuses = new Set((await Promise.all(flood)).map(({ status }) => status));
      statuses.delete("completed");
      statuses.delete("cancelled");
      expect([...statuses]).toEqual([]);
    },
    60_000,
  );
});

test("hundreds of searches and checks of one client do not hold up another's", async () => {
  const codemode = start(2);
  await codemode.searchText({ query: "wait" });
  let answered = 0;
  const flood = Array.from({ length: floodSize }, (_, at) =>
    codemode
      .searchText({ query: `wait ${at}`, client: ["user 1", "flood", "s1"] })
      .then(() => (answered += 1)),
  );
  const text = await codemode.searchText({ query: "wait", client: honest });
  expect(text).toContain("slow.wait");
  expect(answered).toBeLessThan(floodSize / 2);
  await Promise.all(flood);
});
