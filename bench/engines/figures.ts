/**
 * The figures, each measured on one engine in a process of its own. All times are milliseconds from the host's
 * side; a figure answers with its cells of the table.
 */
import { privateMegabytes } from "./process-memory.ts";
import type { Contestant, OpenOptions, Sandbox } from "./contestant.ts";

export type Cells = { readonly [column: string]: string };
export type Figure = (contestant: Contestant, scale: number) => Promise<Cells>;

const usual: OpenOptions = { timeoutMs: 10_000, processes: 2 };

export const figures: { readonly [name: string]: Figure } = {
  async fresh(contestant, scale) {
    await using sandbox = await contestant.open(usual);
    const { restMs = 0 } = contestant;
    await repeat(restMs > 0 ? 4 : 40, () => sandbox.run("return 1"));
    const samples = await repeat(Math.round((restMs > 0 ? 100 : 400) * scale), async () => {
      if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs));
      return timed(() => sandbox.run("return 1"));
    });
    return { "fresh p50": ms(quantile(samples, 0.5)), "fresh p99": ms(quantile(samples, 0.99)) };
  },

  async call(contestant) {
    await using sandbox = await contestant.open(usual);
    const calls = (count: number): string =>
      `let last; for (let i = 0; i < ${count}; i += 1) last = await echo(i); return last ?? 0`;
    await repeat(5, () => sandbox.run(calls(200)));
    const rounds = await repeat(9, async () => {
      const none = await timed(() => sandbox.run(calls(0)));
      return ((await timed(() => sandbox.run(calls(1_000)))) - none) / 1_000;
    });
    return { "call p50": ms(quantile(rounds, 0.5), 3) };
  },

  async parallel(contestant) {
    await using sandbox = await contestant.open(usual);
    const body = "const [a] = await Promise.all([1, 2, 3, 4, 5].map(() => wait(100))); return a";
    await sandbox.run(body);
    return { "5 × 100 ms": ms(quantile(await repeat(5, () => timed(() => sandbox.run(body))), 0.5), 0) };
  },

  async large(contestant) {
    await using sandbox = await contestant.open(usual);
    const body =
      "return Array.from({ length: 12000 }, (_, id) => ({ id, name: 'row ' + id, tags: ['a', 'b'], ok: true, at: id / 7 }))";
    const rows = (await sandbox.run(body)) as { length?: number } | null;
    if (rows?.length !== 12_000) return { "1 MB result": "lost" };
    await repeat(5, () => sandbox.run(body));
    return { "1 MB result": ms(quantile(await repeat(20, () => timed(() => sandbox.run(body))), 0.5)) };
  },

  async throughput(contestant, scale) {
    await using sandbox = await contestant.open(usual);
    await repeat(40, () => sandbox.run("return 1"));
    const until = performance.now() + 2_000 * scale;
    const began = performance.now();
    let runs = 0;
    const lane = async (): Promise<void> => {
      for (; performance.now() < until; runs += 1) await sandbox.run("return 1");
    };
    await Promise.all([lane(), lane(), lane()]);
    return { "runs/s": ((runs / (performance.now() - began)) * 1_000).toFixed(0) };
  },

  /** From the moment the limit is reached to the first result after it, with a single process. */
  async kill(contestant) {
    const timeoutMs = 300;
    await using sandbox = await contestant.open({ timeoutMs, processes: 1 });
    await repeat(5, () => sandbox.run("return 1"));
    const samples = await repeat(7, async () => {
      const began = performance.now();
      await sandbox.run("for (;;) {}").catch(() => undefined);
      await sandbox.run("return 1");
      return performance.now() - began - timeoutMs;
    });
    return { "for(;;)": "stopped", "stop → next": ms(quantile(samples, 0.5), 0) };
  },

  async late(contestant) {
    await using sandbox = await contestant.open({ timeoutMs: 300, processes: 1 });
    await sandbox.run("return await echo(1)");
    await sandbox.run("await echo(1); for (;;) {}").catch(() => undefined);
    const began = process.cpuUsage();
    await new Promise((resolve) => setTimeout(resolve, 500));
    const { user } = process.cpuUsage(began);
    if (user > 300_000) return { "await; for(;;)": "reported, goes on" };
    await sandbox.run("return 1");
    return { "await; for(;;)": "stopped" };
  },

  async neighbours(contestant) {
    const timeoutMs = 200;
    await using sandbox = await contestant.open({ timeoutMs, processes: 4 });
    const alone = await load(sandbox, 0);
    const beside = await load(sandbox, 0.1);
    const failed = beside.failed === 0 ? "" : `, ${beside.failed} failed`;
    const p50 = quantile(beside.samples, 0.5);
    return { "10% hostile": `${(p50 / quantile(alone.samples, 0.5)).toFixed(2)}× p50${failed}` };
  },

  async memory(contestant, scale) {
    const before = await privateMegabytes();
    await using sandbox = await contestant.open({ timeoutMs: 10_000, processes: 2 });
    await repeat(30, () => sandbox.run("return 1"));
    const warm = await privateMegabytes();
    const per =
      warm.children > 0
        ? `${(warm.children / 2).toFixed(1)} per process`
        : `${(warm.own - before.own).toFixed(1)} in the host`;
    await repeat(500, () => sandbox.run("return 1"));
    const start = await privateMegabytes();
    const most = scale >= 1 ? 10_000 : 1_000;
    const until = performance.now() + 90_000 * scale;
    let runs = 0;
    const lane = async (): Promise<void> => {
      for (; runs < most && performance.now() < until; runs += 1) await sandbox.run("return 1");
    };
    await Promise.all([lane(), lane()]);
    const end = await privateMegabytes();
    const grown = end.own + end.children - start.own - start.children;
    return { "private MB": per, "MB grown": `${grown.toFixed(0)} over ${runs} runs` };
  },
};

/** Four lanes of short runs, some of which spin until they are stopped. */
async function load(
  sandbox: Sandbox,
  share: number,
): Promise<{ readonly samples: number[]; readonly failed: number }> {
  const samples: number[] = [];
  let failed = 0;
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < 300) {
      next += 1;
      if (share > 0 && next % Math.round(1 / share) === 0) {
        await sandbox.run("for (;;) {}").catch(() => undefined);
        continue;
      }
      const took = await timed(() => sandbox.run("return await echo(1)")).catch(() => undefined);
      if (took === undefined) failed += 1;
      else samples.push(took);
    }
  };
  await Promise.all([lane(), lane(), lane(), lane()]);
  return { samples, failed };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

async function repeat<T>(times: number, work: () => Promise<T>): Promise<T[]> {
  const all: T[] = [];
  for (let index = 0; index < times; index += 1) all.push(await work());
  return all;
}

function quantile(samples: readonly number[], share: number): number {
  return samples.toSorted((a, b) => a - b)[Math.floor(samples.length * share)] ?? Number.NaN;
}

function ms(value: number, digits = 2): string {
  return value.toFixed(digits);
}
