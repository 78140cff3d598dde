import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { bootSleeper } from "../../../test/fixtures/sandbox/boot-sleeper.ts";
import type { ProcessPoolOptions } from "./pool-settings.ts";
import { readProcStat } from "./proc-stat.ts";
import { createProcessPool, type Lease } from "./process-pool.ts";
import type { ConfinedProcess } from "./start-confined.ts";

const createPool = (options: Partial<ProcessPoolOptions<ConfinedProcess>> = {}) =>
  createProcessPool({ boot: bootSleeper, memoryMb: 16, prewarm: 0, ...options });
const as = (principal: string, signal?: AbortSignal) => ({ principal, signal });
const isGone = (pid: number): boolean => readProcStat(pid) === undefined;
const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "granted",
    (error: unknown) => (typeof error === "object" && error !== null && "code" in error ? error.code : error),
  );

describe("leasing", () => {
  it("gives a process to one run at a time, and to the next when it is given back", async () => {
    await using pool = createPool({ most: 1 });
    const first = await pool.lease(as("a"));
    const second = pool.lease(as("a"));
    await delay(30);
    expect(pool.stats()).toMatchObject({ leased: 1, waiting: 1 });
    await first.release();
    const { process, queueMs } = await second;
    expect(process.pid).toBe(first.process.pid);
    expect(queueMs).toBeGreaterThanOrEqual(29);
    expect(pool.stats()).toMatchObject({ leased: 1, waiting: 0, booted: 1 });
  });

  it("grows up to its bound and no further", async () => {
    await using pool = createPool({ most: 2 });
    const leases = await Promise.all([pool.lease(as("a")), pool.lease(as("a"))]);
    const third = pool.lease(as("a"));
    await delay(50);
    expect(pool.stats()).toMatchObject({ leased: 2, booting: 0, waiting: 1, booted: 2 });
    await leases[0].release();
    expect((await third).process.pid).toBe(leases[0].process.pid);
  });

  it("counts only the first release, and disposing kills", async () => {
    await using pool = createPool({ most: 1 });
    const lease = await pool.lease(as("a"));
    await lease.release();
    await lease.release({ kill: true });
    expect(pool.stats()).toMatchObject({ idle: 1 });
    const again = await pool.lease(as("a"));
    await again[Symbol.asyncDispose]();
    expect(pool.stats()).toMatchObject({ idle: 0, leased: 0 });
    expect(isGone(again.process.pid)).toBe(true);
  });
});

describe("prewarming", () => {
  it("boots as many as asked for and keeps as many", async () => {
    await using pool = createPool({ prewarm: 2, most: 4 });
    await pool.ready();
    expect(pool.stats()).toMatchObject({ idle: 2, booting: 0 });
    const lease = await pool.lease(as("a"));
    expect(lease.queueMs).toBeLessThan(20);
    await lease.release({ kill: true });
    await expect.poll(() => pool.stats().idle).toBe(2);
    expect(pool.stats().booted).toBe(3);
  });

  it("boots one to be sure, even if none is to be kept", async () => {
    await using pool = createPool();
    await pool.ready();
    expect(pool.stats().booted).toBe(1);
  });

  it("replaces an idle process that died", async () => {
    await using pool = createPool({ prewarm: 1, bootMs: 200 });
    await pool.ready();
    const lease = await pool.lease(as("a"));
    await lease.release();
    await lease.process.kill();
    await expect.poll(() => pool.stats()).toMatchObject({ idle: 1, booted: 2 });
  });

  it("ends idle processes beyond the prewarmed after a while", async () => {
    await using pool = createPool({ prewarm: 1, most: 3, idleMs: 50 });
    const leases = await Promise.all([1, 2, 3].map(() => pool.lease(as("a"))));
    await Promise.all(leases.map((lease) => lease.release()));
    expect(pool.stats().idle).toBe(3);
    await expect.poll(() => pool.stats().idle).toBe(1);
    await delay(120);
    expect(pool.stats()).toMatchObject({ idle: 1, booted: 3 });
  });
});

describe("the queue", () => {
  it("is full past its bound and says how many wait", async () => {
    await using pool = createPool({ most: 1, queue: 2 });
    const first = await pool.lease(as("a"));
    const waiting = [pool.lease(as("a")), pool.lease(as("a"))];
    await expect(pool.lease(as("a"))).rejects.toMatchObject({
      code: "sandbox_busy",
      message: expect.stringContaining("2 runs wait"),
      data: { leased: 1, waiting: 2, most: 1 },
    });
    await first.release();
    await (await waiting[0])?.release();
    await (await waiting[1])?.release();
  });

  it("of no length still leaves the processes to be leased", async () => {
    await using pool = createPool({ most: 2, queue: 0 });
    const leases = await Promise.all([pool.lease(as("a")), pool.lease(as("a"))]);
    expect(await codeOf(pool.lease(as("a")))).toBe("sandbox_busy");
    await Promise.all(leases.map((lease) => lease.release()));
    expect(await codeOf(pool.lease(as("a")))).toBe("granted");
  });

  it("serves each principal in its own order and none for ever before another", async () => {
    await using pool = createPool({ most: 1, patienceMs: 0 });
    const order: string[] = [];
    const run = async (name: string): Promise<void> => {
      const lease = await pool.lease(as(name.slice(0, 1)));
      order.push(name);
      await delay(5);
      await lease.release();
    };
    await Promise.all(["a1", "a2", "a3", "b1", "b2"].map(run));
    expect(order.filter((name) => name.startsWith("a"))).toEqual(["a1", "a2", "a3"]);
    expect(order.filter((name) => name.startsWith("b"))).toEqual(["b1", "b2"]);
  });

  it("a flood of one principal neither starves nor shuts out another", async () => {
    await using pool = createPool({ most: 2, queue: 20, patienceMs: 20 });
    const held = await Promise.all([pool.lease(as("flood")), pool.lease(as("flood"))]);
    const served: string[] = [];
    const run = async (principal: string): Promise<void> => {
      const lease = await pool.lease(as(principal));
      served.push(principal);
      await delay(10);
      await lease.release();
    };
    const flood = Array.from({ length: 20 }, () => codeOf(run("flood")));
    const other = codeOf(run("other"));
    expect(pool.stats().waiting).toBe(20);
    await delay(30);
    await Promise.all(held.map((lease) => lease.release()));
    expect(await other).toBe("granted");
    expect(served.length).toBeLessThan(10);
    const states = await Promise.all(flood);
    expect(states.filter((state) => state === "sandbox_busy")).toHaveLength(1);
    expect(states.at(-1)).toBe("sandbox_busy");
  });

  it("is left by a run that is cancelled, before, while and after", async () => {
    await using pool = createPool({ most: 1 });
    expect(await codeOf(pool.lease(as("a", AbortSignal.abort())))).toBe("run_cancelled");
    const first = await pool.lease(as("a"));
    const waiting = new AbortController();
    const second = pool.lease(as("a", waiting.signal));
    const third = pool.lease(as("a"));
    waiting.abort();
    expect(await codeOf(second)).toBe("run_cancelled");
    expect(pool.stats().waiting).toBe(1);
    await first.release();
    const late = new AbortController();
    await (await third).release();
    const fourth = await pool.lease(as("a", late.signal));
    late.abort();
    expect(pool.stats().leased).toBe(1);
    await fourth.release();
  });
});

describe("principals", () => {
  it("never share a process", async () => {
    await using pool = createPool({ most: 1 });
    const first = await pool.lease(as("a"));
    await first.release();
    const second = await pool.lease(as("b"));
    expect(second.process.pid).not.toBe(first.process.pid);
    expect(isGone(first.process.pid)).toBe(true);
  });

  it("share one where the operator says so", async () => {
    await using pool = createPool({ most: 1, shareAcrossPrincipals: true });
    const first = await pool.lease(as("a"));
    await first.release();
    const second = await pool.lease(as("b"));
    expect(second.process.pid).toBe(first.process.pid);
  });

  it("take a prewarmed process before another's is ended", async () => {
    await using pool = createPool({ prewarm: 2, most: 2 });
    await pool.ready();
    const first = await pool.lease(as("a"));
    await first.release();
    const second = await pool.lease(as("b"));
    expect(pool.stats()).toMatchObject({ idle: 1, leased: 1, booted: 2 });
    await second.release();
    expect((await pool.lease(as("a"))).process.pid).toBe(first.process.pid);
  });
});

describe("disposal", () => {
  it("ends everything, tells who waits, and takes nobody in", async () => {
    const pool = createPool({ most: 2, prewarm: 2 });
    const leases: Lease<ConfinedProcess>[] = [await pool.lease(as("a")), await pool.lease(as("a"))];
    const waiting = codeOf(pool.lease(as("a")));
    await leases[0]?.release();
    const alsoWaiting = codeOf(pool.lease(as("a")));
    await pool[Symbol.asyncDispose]();
    expect(await waiting).toBe("granted");
    expect(await alsoWaiting).toBe("run_cancelled");
    expect(leases.map(({ process }) => isGone(process.pid))).toEqual([true, true]);
    expect(await codeOf(pool.lease(as("a")))).toBe("run_cancelled");
    await leases[1]?.release();
    expect(pool.stats()).toMatchObject({ idle: 0, leased: 0, booting: 0, waiting: 0 });
    await pool[Symbol.asyncDispose]();
  });

  it("waits for what is still booting", async () => {
    const pool = createPool({ prewarm: 2 });
    const ready = codeOf(pool.ready());
    await pool[Symbol.asyncDispose]();
    expect(await ready).toBe("run_cancelled");
    expect(pool.stats()).toMatchObject({ idle: 0, booting: 0 });
  });
});
