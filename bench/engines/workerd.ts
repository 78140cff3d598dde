/**
 * What the workerd engine costs: a fresh isolate from submit to result, a call and its answer, large values,
 * a kill and the first result after it, and runs per second.
 *
 *   npm run --silent build && node bench/engines/workerd.ts [runs] [src]
 *
 * Measures `dist`, as it is shipped; `src` measures the sources instead.
 */
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { WorkerdEngineOptions } from "../../src/sandbox/workerd/create-workerd-engine.ts";
import type { Engine, GuestCall, GuestOutcome } from "../../src/spec/engine.ts";
import { defaultLimits } from "../../src/spec/limits.ts";
import type { Value } from "../../src/spec/value.ts";

const runs = Number(process.argv[2] ?? 500);
const { createWorkerdEngine } = await loadEngine(process.argv[3] === "src");

interface EngineModule {
  readonly createWorkerdEngine: (options?: WorkerdEngineOptions) => Engine;
}

function loadEngine(fromSource: boolean): Promise<EngineModule> {
  const place = "sandbox/workerd/create-workerd-engine";
  const url = new URL(fromSource ? `../../src/${place}.ts` : `../../dist/${place}.js`, import.meta.url);
  return import(url.href);
}

async function run(engine: Engine, body: string, onCall?: (call: GuestCall) => Value): Promise<GuestOutcome> {
  const session = await engine.start(
    {
      code: `export default async () => {${body}}`,
      limits: { ...defaultLimits, calls: 1e6 },
      seed: "s",
      now: 0,
      principal: "local",
    },
    {
      call: (call) => session.deliver({ seq: call.seq, ok: true, value: onCall?.(call), now: 0 }),
      log() {},
    },
  );
  return session.outcome;
}

async function timed(work: () => Promise<GuestOutcome>): Promise<number> {
  const began = performance.now();
  const outcome = await work();
  const ms = performance.now() - began;
  if (outcome.status === "failed") throw new Error(`${outcome.error.code}: ${outcome.error.message}`);
  return ms;
}

function print(what: string, samples: readonly number[], target: string): void {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? Number.NaN).toFixed(3);
  console.log(`${what.padEnd(44)} p50 ${at(0.5)}  p90 ${at(0.9)}  p99 ${at(0.99)} ms   (${target})`);
}

async function repeat(times: number, work: () => Promise<number>): Promise<number[]> {
  const samples: number[] = [];
  for (let index = 0; index < times; index++) samples.push(await work());
  return samples;
}

{
  await using engine = createWorkerdEngine({ prewarm: 2 });
  await engine.ready();
  const fresh = (body: string) => () => timed(() => run(engine, body, ({ args }) => args[0]));
  await repeat(50, fresh("return 1"));
  print("fresh isolate, one at a time", await repeat(runs, fresh("return 1")), "p50 ≤ 5, p99 ≤ 10");
  const paced = await repeat(runs / 5, async () => delay(10).then(fresh("return 1")));
  print("fresh isolate, 10 ms between", paced, "p50 ≤ 5, p99 ≤ 10");
  const logged = "console.log('a', { b: 1 }); return [new Date(), Math.random()]";
  print("fresh isolate, console, Date and random", await repeat(runs / 5, fresh(logged)), "");
  print("fresh isolate, one call", await repeat(runs / 5, fresh("return await tools.a.b(1)")), "");
  const fifty = "return await Promise.all(Array.from({ length: 50 }, (_, i) => tools.a.b({ i })))";
  print("fresh isolate, 50 calls in parallel", await repeat(runs / 5, fresh(fifty)), "");

  const gaps: number[] = [];
  let last = Number.NaN;
  await run(engine, "for (let i = 0; i < 5000; i++) await tools.a.b(i)", ({ args }) => {
    const now = performance.now();
    gaps.push(now - last);
    last = now;
    return args[0];
  });
  print("call, guest → host → guest", gaps.slice(500), "p50 ≤ 0.120");

  const rows =
    "Array.from({ length: 12_000 }, (_, id) => ({ id, name: 'row ' + id, tags: ['a', 'b'], ok: true, at: id / 7 }))";
  const size = (await run(engine, `return JSON.stringify(${rows}).length`)) as { value?: Value };
  print(
    `result of ${Number(size.value)} bytes, isolate included`,
    await repeat(50, fresh(`return ${rows}`)),
    "≤ 20",
  );
  const made = (await run(engine, `return ${rows}`)) as { value?: Value };
  const answered = () => timed(() => run(engine, "return (await tools.a.b()).length", () => made.value));
  print("the same as an answer, isolate included", await repeat(50, answered), "");
}

{
  await using engine = createWorkerdEngine({ prewarm: 1, most: 1 });
  await engine.ready();
  const kills = await repeat(30, async () => {
    const began = await new Promise<number>((resolve, reject) => {
      const spinning = engine.start(
        {
          code: "export default async () => { for (;;); }",
          limits: defaultLimits,
          seed: "s",
          now: 0,
          principal: "local",
        },
        { call() {}, log() {} },
      );
      spinning
        .then(async (session) => {
          await delay(50);
          session.cancel();
          resolve(performance.now());
          return session[Symbol.asyncDispose]();
        })
        .catch(reject);
    });
    await run(engine, "return 1");
    return performance.now() - began;
  });
  print("kill → replacement's first result, no spare", kills, "≤ 60");
}

{
  await using engine = createWorkerdEngine({ prewarm: 2, most: 2 });
  await engine.ready();
  const count = 2 * runs;
  const began = performance.now();
  let left = count;
  const lane = async (): Promise<void> => {
    while (left-- > 0) await run(engine, "return 1");
  };
  await Promise.all([lane(), lane(), lane()]);
  const seconds = (performance.now() - began) / 1_000;
  console.log(`${"two processes, three lanes".padEnd(44)} ${(count / seconds).toFixed(0)} runs/s   (≥ 300)`);
  console.log(
    `${"host memory at the end".padEnd(44)} ${(process.memoryUsage.rss() / 2 ** 20).toFixed(0)} MiB`,
  );
  console.log(
    `${"load of the machine, last minute".padEnd(44)} ${readFileSync("/proc/loadavg", "latin1").split(" ")[0]}`,
  );
}
