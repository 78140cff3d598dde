import { getPriority } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { startGuest } from "../../../test/fixtures/sandbox/start-guest.ts";
import type { CodemodeError } from "../../errors.ts";
import { lowerPriority, restorePriority } from "./process-priority.ts";
import { createPsMeter, parsePs, procMeter, type UsageGauge, type UsageMeter } from "./usage-meter.ts";
import { createUsageWatcher, usageWatcher, type RunUsage, type UsageWatcher } from "./watch-usage.ts";

const isLinux = process.platform === "linux";

/** Spins or grows by as much as it is told, says so, and goes on until the next. */
const worker = `
  const keep = [];
  say("ready");
  for (;;) {
    const { spinMs = 0, growMb = 0 } = await told();
    const start = process.cpuUsage();
    const used = () => { const { user, system } = process.cpuUsage(start); return (user + system) / 1000; };
    while (used() < spinMs);
    for (let each = 0; each < growMb; each += 1) keep.push(Buffer.alloc(2 ** 20, 1));
    say("done");
  }`;

interface Outcome {
  readonly breach: CodemodeError | undefined;
  readonly usage: RunUsage;
}

async function runWorker(
  watcher: UsageWatcher,
  limits: { readonly cpuMs: number; readonly memoryMb: number },
  work: { readonly spinMs?: number; readonly growMb?: number },
): Promise<Outcome> {
  const guest = await startGuest(worker, { memory: { baselineMb: 640, budgetMb: 512 } });
  await using sandbox = guest.sandbox;
  await guest.hear();
  const { promise: breached, resolve } = Promise.withResolvers<CodemodeError>();
  using watch = watcher.watch({ pid: sandbox.pid, limits, onBreach: resolve });
  // The first figures take ps a moment.
  await delay(watcher.means.cpu.startsWith("ps") ? 300 : 0);
  guest.tell(work);
  const breach = await Promise.race([breached, guest.hear().then(() => delay(1_000, undefined))]);
  return { breach, usage: watch.usage() };
}

const meters: readonly { readonly name: string; readonly meter: UsageMeter; readonly whyNot?: string }[] = [
  { name: "proc", meter: procMeter, ...(!isLinux && { whyNot: "needs procfs" }) },
  { name: "ps", meter: createPsMeter(), ...(process.platform === "win32" && { whyNot: "needs ps" }) },
];

for (const { name, meter, whyNot } of meters) {
  describe(`watching by ${name}`, () => {
    const watcher = createUsageWatcher(meter);
    // What ps says of CPU time on Linux has whole seconds.
    const cpuMs = name === "ps" ? 900 : 100;

    const cases = [
      {
        title: "a run below its CPU limit goes on",
        limits: { cpuMs: 4_000, memoryMb: 512 },
        work: { spinMs: 100 },
        code: undefined,
      },
      {
        title: "a run above its CPU limit is told on",
        limits: { cpuMs, memoryMb: 512 },
        work: { spinMs: 60_000 },
        code: "cpu_limit",
      },
      {
        title: "a run below its memory limit goes on",
        limits: { cpuMs: 60_000, memoryMb: 96 },
        work: { growMb: 48 },
        code: undefined,
      },
      {
        title: "a run above its memory limit is told on",
        limits: { cpuMs: 60_000, memoryMb: 64 },
        work: { growMb: 128 },
        code: "memory_limit",
      },
    ] as const;
    for (const { title, limits, work, code } of cases) {
      if (whyNot !== undefined) it.skip(`${title} (not tested: ${whyNot})`, () => undefined);
      else {
        it(title, async () => {
          const { breach, usage } = await runWorker(watcher, limits, work);
          expect(breach?.code).toBe(code);
          if (code === "cpu_limit") {
            expect(usage.cpuMs).toBeGreaterThan(limits.cpuMs);
            expect(breach?.message).toContain(String(limits.cpuMs));
          }
          if (code === "memory_limit") expect(usage.addedBytes).toBeGreaterThan(limits.memoryMb * 2 ** 20);
        });
      }
    }
  });
}

describe("watching", () => {
  it("counts from where it began, so that one run does not pay for another", async () => {
    const guest = await startGuest(worker, { memory: { baselineMb: 640, budgetMb: 512 } });
    await using sandbox = guest.sandbox;
    await guest.hear();
    for (let run = 0; run < 3; run += 1) {
      using watch = usageWatcher.watch({
        pid: sandbox.pid,
        limits: { cpuMs: 400, memoryMb: 64 },
        onBreach: (breach) => expect.fail(breach.message),
      });
      guest.tell({ spinMs: 250, growMb: 40 });
      await guest.hear();
      expect(watch.usage().cpuMs).toBeGreaterThanOrEqual(240);
      expect(watch.usage().addedBytes).toBeGreaterThan(30 * 2 ** 20);
    }
  });

  it.each([
    ["little", 5, 0],
    ["much", 300, 1],
  ])("tells of a run that computes %s", async (_, spinMs, times) => {
    const guest = await startGuest(worker);
    await using sandbox = guest.sandbox;
    await guest.hear();
    let told = 0;
    using _watch = usageWatcher.watch({
      pid: sandbox.pid,
      limits: { cpuMs: 5_000, memoryMb: 512 },
      onBreach: (breach) => expect.fail(breach.message),
      onHeavy: () => {
        told += 1;
        lowerPriority(sandbox.pid);
      },
    });
    guest.tell({ spinMs });
    await guest.hear();
    await delay(100);
    expect(told).toBe(times);
    expect(getPriority(sandbox.pid) > 0).toBe(times === 1);
    if (restorePriority(sandbox.pid)) expect(getPriority(sandbox.pid)).toBe(0);
  });

  it("tells once, and nothing after it was disposed", async () => {
    const guest = await startGuest(worker);
    await using sandbox = guest.sandbox;
    await guest.hear();
    let told = 0;
    const watch = () =>
      usageWatcher.watch({
        pid: sandbox.pid,
        limits: { cpuMs: 0, memoryMb: 512 },
        onBreach: () => (told += 1),
      });
    using first = watch();
    const second = watch();
    second[Symbol.dispose]();
    guest.tell({ spinMs: 200 });
    await guest.hear();
    expect(told).toBe(1);
    expect(first.usage().cpuMs).toBeGreaterThan(0);
  });

  it("keeps the last figures of a process that died, and takes one that is gone already", async () => {
    const guest = await startGuest(worker);
    const { sandbox } = guest;
    await guest.hear();
    using watch = usageWatcher.watch({
      pid: sandbox.pid,
      limits: { cpuMs: 60_000, memoryMb: 512 },
      onBreach: (breach) => expect.fail(breach.message),
    });
    guest.tell({ spinMs: 150 });
    await guest.hear();
    const before = watch.usage().cpuMs;
    await sandbox.kill();
    expect(watch.usage().cpuMs).toBeGreaterThanOrEqual(before);
    expect(watch.usage().cpuMs).toBeLessThan(before + 100);
    using late = usageWatcher.watch({
      pid: sandbox.pid,
      limits: { cpuMs: 1, memoryMb: 1 },
      onBreach: () => expect.fail(),
    });
    await delay(20);
    expect(late.usage()).toEqual({ cpuMs: 0, addedBytes: 0 });
  });
});

describe("where nothing is known of CPU time", () => {
  const unknown: UsageGauge = { read: () => undefined, [Symbol.dispose]: () => undefined };
  const watcher = createUsageWatcher({ name: "none", everyMs: 5, open: () => unknown });
  const watchPing = async (answerMs: number, cpuMs: number): Promise<string | undefined> => {
    const { promise, resolve } = Promise.withResolvers<string>();
    using _ = watcher.watch({
      pid: 0,
      limits: { cpuMs, memoryMb: 1 },
      onBreach: ({ code }) => resolve(code),
      ping: () => delay(answerMs),
    });
    return await Promise.race([promise, delay(1_000, undefined)]);
  };

  it("a process that does not answer is taken to be busy", async () => {
    expect(await watchPing(10_000, 200)).toBe("cpu_limit");
  });

  it("one that answers soon is not", async () => {
    expect(await watchPing(20, 50)).toBeUndefined();
  });
});

describe("parsePs", () => {
  it("reads resident size and every form of time", () => {
    const text = "  12  2048 00:01.50\n 345 4 01:00:02\n6 1 2-01:00:00\n\n";
    expect([...parsePs(text)]).toEqual([
      [12, { cpuMs: 1_500, residentBytes: 2 ** 21 }],
      [345, { cpuMs: 3_602_000, residentBytes: 4_096 }],
      [6, { cpuMs: 176_400_000, residentBytes: 1_024 }],
    ]);
  });
});
