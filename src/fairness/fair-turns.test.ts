import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { FairTurns, type Turn } from "./fair-turns.ts";

async function turnOf(turns: FairTurns, path: string): Promise<Turn> {
  const turn = await turns.enter({ path: [path] });
  if (typeof turn === "string") throw new Error(turn);
  return turn;
}

describe("FairTurns", () => {
  it("lets so many through at once, and the next when one ends", async () => {
    const turns = new FairTurns({ atOnce: 2 });
    const first = await turnOf(turns, "a");
    await turnOf(turns, "a");
    let third = false;
    const waits = turnOf(turns, "a").then(() => (third = true));
    await delay(20);
    expect(third).toBe(false);
    first[Symbol.dispose]();
    first[Symbol.dispose]();
    await waits;
    const fourth = await turns.enter({ path: ["a"], waitMs: 10 });
    expect(fourth).toBe("late");
  });

  it("serves another next, however many of one wait", async () => {
    const turns = new FairTurns({ atOnce: 1 });
    const served: string[] = [];
    const use = async (path: string): Promise<void> => {
      using _turn = await turnOf(turns, path);
      served.push(path);
      await delay(0);
    };
    const flood = Array.from({ length: 50 }, () => use("flood"));
    await Promise.all([use("honest"), use("honest")]);
    expect(served).toEqual(["flood", "honest", "flood", "honest"]);
    await Promise.all(flood);
  });

  it.each([
    ["as many as may be of one path", 2, 2],
    ["all that may be at once", 9, 4],
  ])("gives one path %s", async (_what, ofOne, got) => {
    const turns = new FairTurns({ atOnce: 4, ofOne });
    let given = 0;
    for (let count = 0; count < 6; count += 1) void turns.enter({ path: ["a"] }).then(() => (given += 1));
    await delay(5);
    expect(given).toBe(got);
  });

  it("refuses beyond its bound, but for a shorter line", async () => {
    const turns = new FairTurns({ atOnce: 1, waiting: 2 });
    await turnOf(turns, "a");
    const waiting = [turns.enter({ path: ["a"] }), turns.enter({ path: ["a"] })];
    expect(await turns.enter({ path: ["a"] })).toBe("full");
    void turns.enter({ path: ["b"] });
    expect(await waiting[1]).toBe("full");
    expect(turns.waiting).toBe(2);
  });

  it("lets go of who gives up", async () => {
    const turns = new FairTurns({ atOnce: 1 });
    await turnOf(turns, "a");
    const giving = new AbortController();
    const waits = turns.enter({ path: ["a"], signal: giving.signal });
    giving.abort();
    expect(await waits).toBe("aborted");
    expect(await turns.enter({ path: ["a"], signal: giving.signal })).toBe("aborted");
    expect(turns.waiting).toBe(0);
  });

  it("waits until there is room", async () => {
    let room = false;
    const turns = new FairTurns({ atOnce: 9, hasRoom: () => room });
    const waits = turns.enter({ path: ["a"] });
    expect(await Promise.race([waits, delay(10, "waits")])).toBe("waits");
    room = true;
    turns.look();
    expect(typeof (await waits)).toBe("object");
  });
});
