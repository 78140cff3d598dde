import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Value } from "../../spec/value.ts";
import { completed, runProgram, type RunProgramOptions } from "../../../test/fixtures/run-program.ts";
import { createWorkerdEngine } from "./create-workerd-engine.ts";

const engine = createWorkerdEngine();
beforeAll(async () => void (await engine.ready()));
afterAll(() => engine[Symbol.asyncDispose]());

const run = (code: string, options?: RunProgramOptions) => runProgram(engine, code, options);
const valueOf = async (code: string, options?: RunProgramOptions): Promise<Value> =>
  completed(await run(code, options));

describe("determinism", () => {
  const probe = `
    const a = [Date.now(), new Date().toISOString(), performance.now(), Date()];
    await tools.a.b();
    const b = [Date.now(), new Date().getTime(), performance.now(), new Intl.DateTimeFormat("en", { timeStyle: "long" }).format()];
    const parts = new Intl.DateTimeFormat().formatToParts().map((p) => p.value).join("");
    return { a, b, parts, random: [Math.random(), Math.random()], uuid: crypto.randomUUID(),
      bytes: crypto.getRandomValues(new Uint8Array(4)), zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      locale: Intl.NumberFormat().resolvedOptions().locale, ctor: new Date().constructor === Date, time: new Event("x").timeStamp };`;

  test("the clock advances with deliveries only, and the seed decides what is random", async () => {
    const options = { now: Date.UTC(2026, 4, 6, 7, 8, 9), tick: 1_500, seed: "one" };
    const first = await valueOf(probe, options);
    expect(first).toMatchObject({
      a: [options.now, "2026-05-06T07:08:09.000Z", 0, expect.stringContaining("07:08:09 GMT+0000")],
      b: [options.now + 1_500, options.now + 1_500, 1_500, "7:08:10 AM UTC"],
      parts: "5/6/2026",
      zone: "UTC",
      locale: "en-US",
      ctor: true,
      time: 0,
    });
    expect(await valueOf(probe, options)).toEqual(first);
    expect(await valueOf(probe, { ...options, seed: "two" })).not.toEqual(first);
  });

  test("web APIs that are there settle by microtasks alone", async () => {
    const settled = await valueOf(
      `const within = async (promise) => {
         let done = false;
         promise.then(() => (done = true), () => (done = true));
         for (let i = 0; i < 1000 && !done; i++) await null;
         return done;
       };
       const text = async (stream) => { let s = ""; for await (const c of stream) s += c; return s; };
       const source = () => new ReadableStream({ start(c) { c.enqueue("x"); c.close(); } });
       return await Promise.all([
         within(crypto.subtle.digest("SHA-256", new TextEncoder().encode("x"))),
         within(new Blob(["a"]).text()),
         within(new Blob(["a"]).arrayBuffer()),
         within(text(source())),
         within(text(source().pipeThrough(new TransformStream()))),
         within(text(source().pipeThrough(new TextEncoderStream()).pipeThrough(new TextDecoderStream()))),
       ]);`,
    );
    expect(settled).toEqual([true, true, true, true, true, true]);
  });

  test("timers are calls, fire in the host's order, and can be cleared", async () => {
    const { outcome, calls } = await run(
      `const seen = [];
       const never = setTimeout(() => seen.push("never"), 1);
       clearTimeout(never);
       setTimeout((a, b) => seen.push(a + b), 5, "x", "y");
       let ticks = 0;
       await new Promise((resolve) => { const id = setInterval(() => { if (++ticks === 3) { clearInterval(id); resolve(); } }, 1); });
       await new Promise((resolve) => setTimeout(resolve, 20));
       return { seen, ticks };`,
    );
    expect(outcome).toEqual({ status: "completed", value: { seen: ["xy"], ticks: 3 } });
    expect(calls.every(({ kind, path }) => kind === "timer" && path.length === 0)).toBe(true);
    expect(calls.map(({ args }) => args[0])).toEqual([1, 5, 1, 1, 1, 20]);
  });

  test("nothing of one run is left for the next", async () => {
    await run(
      `globalThis.left = 1; Array.prototype.map = () => "broken"; Object.prototype.polluted = 1; Math.max = () => 0;
       setInterval(() => {}, 1);
       return 1;`,
    );
    expect(await valueOf("return [typeof left, [1].map((x) => x), ({}).polluted, Math.max(1, 2)]")).toEqual([
      "undefined",
      [1],
      undefined,
      2,
    ]);
  });
});
