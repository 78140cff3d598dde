/**
 * A program replays exactly from its code, its seed and the order of deliveries: time, chance, and what runs
 * between two deliveries.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Value } from "../../src/spec/value.ts";
import { completed, runProgram, type RunProgramOptions } from "../fixtures/run-program.ts";
import { observe, type EngineSubject } from "./engine-subject.ts";

/** Many chains of different lengths that race, with chance and time in their arguments. */
const tangle = `
  const chain = async (name, hops) => {
    const got = await tools.first.step({ name, chance: Math.random(), now: Date.now() });
    for (let i = 0; i < hops; i++) await null;
    const [a] = await Promise.all([tools.second.step({ name, got, id: crypto.randomUUID() }), tools.third.step(name)]);
    return Promise.race([tools.fourth.step(a), tools.fifth.step(name), new Promise((r) => setTimeout(r, 5))]);
  };
  return Promise.all(["a", "b", "c", "d"].map((name, i) => chain(name, (7 * i) % 4)));`;

export function describeDeterminism(subject: EngineSubject): void {
  const engine = subject.create({ prewarm: 1 });
  beforeAll(async () => void (await engine.ready()));
  afterAll(() => engine[Symbol.asyncDispose]());
  const valueOf = async (code: string, options?: RunProgramOptions): Promise<Value> =>
    completed(await runProgram(engine, code, options));

  /** Answers always the waiting call that the numbers choose; what was issued, as text. */
  async function play(choices: readonly number[], seed: string): Promise<string> {
    const { session, calls } = await observe(engine, tangle, { seed, now: 1_000 });
    const answered = new Set<number>();
    for (let turn = 0; ; turn++) {
      await session.idle();
      const waiting = calls.filter(({ seq }) => !answered.has(seq));
      const call = waiting[(choices[turn % choices.length] ?? 0) % Math.max(1, waiting.length)];
      if (call === undefined) break;
      answered.add(call.seq);
      session.deliver({ seq: call.seq, ok: true, value: call.seq * 2, now: 1_000 + turn });
      await session.idle();
    }
    const outcome = await session.outcome;
    await session[Symbol.asyncDispose]();
    return JSON.stringify({ calls, outcome });
  }

  describe("determinism", () => {
    test("the same deliveries give the same calls, byte for byte", async () => {
      const first = await play([0, 2, 1, 3], "seed");
      expect(await play([0, 2, 1, 3], "seed")).toBe(first);
      expect(await play([3, 0, 1], "seed")).not.toBe(first);
      expect(await play([0, 2, 1, 3], "other")).not.toBe(first);
    });

    test("one delivery's microtasks end before the next delivery begins", async () => {
      const { calls } = await runProgram(
        engine,
        `const chain = async (name, hops) => {
           await tools.t.first(name);
           for (let i = 0; i < hops; i++) await null;
           await tools.t.second(name);
         };
         await Promise.all([chain("long", 200), chain("short", 0)]);`,
      );
      expect(calls.map(({ args }) => args[0])).toEqual(["long", "short", "long", "short"]);
    });

    test("outcomes settle in the order in which they are delivered", async () => {
      const { session } = await observe(
        engine,
        "const order = []; await Promise.all(['a', 'b', 'c'].map((n) => tools.t[n]().then(() => order.push(n)))); return order",
      );
      for (const seq of [3, 1, 2]) session.deliver({ seq, ok: true, value: null, now: 0 });
      await session.idle();
      for (const seq of [3, 1, 2]) session.deliver({ seq, ok: true, value: null, now: 0 });
      expect(await session.outcome).toEqual({ status: "completed", value: ["c", "a", "b"] });
      await session[Symbol.asyncDispose]();
    });

    test("the clock moves with deliveries alone, never back", async () => {
      const read = "[Date.now(), new Date().getTime(), performance.now()]";
      const code = `const a = ${read}; for (let i = 0; i < 1e5; i++); const b = ${read}; await tools.x.y(); return [a, b, ${read}]`;
      const now = Date.UTC(2026, 4, 6);
      expect(await valueOf(code, { now, tick: 1_500 })).toEqual([
        [now, now, 0],
        [now, now, 0],
        [now + 1_500, now + 1_500, 1_500],
      ]);
      expect(await valueOf(`${code}[2]`, { now, tick: -1_500 })).toEqual([now, now, 0]);
    });

    test("chance is the seed's, and the same in every engine", async () => {
      const code = "return [Math.random(), crypto.randomUUID(), crypto.getRandomValues(new Uint8Array(4))]";
      const value = await valueOf(code, { seed: "one" });
      expect(value).toEqual([
        0.7855827624913397,
        "6fc22a9b-dd41-4d87-8c02-ad944377158b",
        new Uint8Array([113, 100, 236, 50]),
      ]);
      expect(await valueOf(code, { seed: "two" })).not.toEqual(value);
    });

    test("timers are calls, and can be cleared", async () => {
      const { outcome, calls } = await runProgram(
        engine,
        `const seen = [];
         clearTimeout(setTimeout(() => seen.push("never"), 1));
         setTimeout((a, b) => seen.push(a + b), 5, "x", "y");
         let ticks = 0;
         await new Promise((r) => { const id = setInterval(() => { if (++ticks === 3) { clearInterval(id); r(); } }, 1); });
         await new Promise((r) => setTimeout(r, 20));
         return { seen, ticks };`,
      );
      expect(outcome).toEqual({ status: "completed", value: { seen: ["xy"], ticks: 3 } });
      expect(calls.map(({ kind, args }) => [kind, args[0]])).toEqual(
        [1, 5, 1, 1, 1, 20].map((ms) => ["timer", ms]),
      );
    });

    test("nothing of one run is left for the next", async () => {
      await valueOf(
        `globalThis.left = 1; Array.prototype.map = () => "broken"; Object.prototype.polluted = 1; Math.max = () => 0;
         Promise.prototype.then = undefined; setInterval(() => {}, 1); return 1;`,
      ).catch(() => undefined);
      expect(await valueOf("return [typeof left, [1].map((x) => x), ({}).polluted, Math.max(1, 2)]")).toEqual(
        ["undefined", [1], undefined, 2],
      );
    });
  });
}
