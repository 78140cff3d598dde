import { setTimeout as delay } from "node:timers/promises";
import { expect, it } from "vitest";
import { bootSleeper } from "../../../test/fixtures/sandbox/boot-sleeper.ts";
import { CodemodeError } from "../../errors.ts";
import { createProcessPool } from "./process-pool.ts";
import { readProcStat } from "./proc-stat.ts";
import type { ConfinedProcess } from "./start-confined.ts";

/** Numbers in [0, 1) from a seed, so that a failure can be had again (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

it.each([1, 2])(
  "hundreds of leases under random deaths each end in one state, and no process is left (seed %i)",
  async (seed) => {
    const random = createRandom(seed);
    const booted = new Set<ConfinedProcess>();
    const inUse = new Map<number, string>();
    const served = new Map<number, string>();
    const pool = createProcessPool<ConfinedProcess>({
      boot: async () => {
        if (random() < 0.1) throw new Error("a boot that fails");
        const sandbox = await bootSleeper();
        booted.add(sandbox);
        return sandbox;
      },
      memoryMb: 16,
      most: 4,
      prewarm: 2,
      queue: 40,
      patienceMs: 10,
      recycle: { runs: 7 },
    });

    const run = async (number: number): Promise<string> => {
      const principal = `p${number % 3}`;
      const abort = new AbortController();
      if (random() < 0.1) setTimeout(() => abort.abort(), random() * 40);
      await delay(random() * 1_500);
      try {
        const lease = await pool.lease({ principal, signal: abort.signal });
        const { pid } = lease.process;
        expect(inUse.has(pid), "leased to one run at a time").toBe(false);
        expect(served.get(pid) ?? principal, "of one principal only").toBe(principal);
        inUse.set(pid, principal);
        served.set(pid, principal);
        const fate = random();
        if (fate < 0.15) killFromOutside(pid);
        await delay(random() * 15);
        inUse.delete(pid);
        await lease.release({ kill: fate > 0.9 });
        return "served";
      } catch (error) {
        if (error instanceof CodemodeError) return error.code;
        throw error;
      }
    };

    const killer = setInterval(() => {
      const idle = [...booted].filter(({ pid }) => !inUse.has(pid));
      const victim = idle[Math.floor(random() * idle.length)];
      if (victim) void victim.kill();
    }, 60);

    const states = await Promise.all(Array.from({ length: 300 }, (_, number) => run(number)));
    clearInterval(killer);
    expect(states).toHaveLength(300);
    expect([...new Set(states)].filter((state) => !expected.has(state))).toEqual([]);
    expect(states.filter((state) => state === "served").length).toBeGreaterThan(100);
    expect(pool.stats()).toMatchObject({ leased: 0, waiting: 0 });

    // It has not run dry: what was killed is replaced.
    const after = await pool.lease({ principal: "p0" });
    await after.release();
    await pool[Symbol.asyncDispose]();
    expect(pool.stats()).toMatchObject({ idle: 0, leased: 0, booting: 0, waiting: 0 });
    expect([...booted].filter(({ pid }) => readProcStat(pid) !== undefined)).toEqual([]);
  },
);

const expected = new Set(["served", "run_cancelled", "sandbox_busy", "sandbox_unavailable"]);

function killFromOutside(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It had died just before it was leased.
  }
}
