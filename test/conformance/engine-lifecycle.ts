/**
 * Sessions and the processes under them: who waits, who shares, what is left when all is over.
 */
import { readdirSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openStateFolder } from "../../src/sandbox/process/state-folder.ts";
import type { Delivery, Engine } from "../../src/spec/engine.ts";
import { completed, runProgram } from "../fixtures/run-program.ts";
import {
  isAlive,
  observe,
  sandboxPids,
  untilTrue,
  type EngineSubject,
  type SubjectOptions,
} from "./engine-subject.ts";

const onLinux = test.runIf(process.platform === "linux");

export function describeLifecycle(subject: EngineSubject): void {
  const open: Engine[] = [];
  afterEach(async () => {
    for (const engine of open.splice(0)) await engine[Symbol.asyncDispose]();
  });
  let others: ReadonlySet<number> = new Set();
  /** Processes of the engines that this test made. */
  const pidsHere = (): number[] => sandboxPids(subject).filter((pid) => !others.has(pid));
  beforeEach(() => {
    others = new Set(process.platform === "linux" ? sandboxPids(subject) : []);
  });
  async function start(options: SubjectOptions): Promise<Engine> {
    const engine = subject.create(options);
    open.push(engine);
    await engine.ready();
    return engine;
  }

  describe("sessions", () => {
    test("say what they run on and how each limit is held", async () => {
      const report = await (await start({ prewarm: 1 })).ready();
      expect(report.engine).toBe(subject.name);
      expect(report.build).toMatch(/\d+\.\d+/);
      expect(Object.keys(report.means)).toEqual(expect.arrayContaining(["cpu", "memory", "wall"]));
    });

    test("refuse to start below the isolation that is required", async () => {
      const engine = subject.create({ prewarm: 1, level: "process", require: "jailed" });
      await expect(engine.ready()).rejects.toMatchObject({ code: "sandbox_too_weak" });
      await engine[Symbol.asyncDispose]();
    });

    test("begin when they may, and leave the process as it was when they may not", async () => {
      const engine = await start({ prewarm: 1, most: 1 });
      const gate = Promise.withResolvers<void>();
      const waiting = await observe(engine, "console.log('begun'); return 1", {}, { after: gate.promise });
      await delay(100);
      expect(waiting.logs).toEqual([]);
      gate.resolve();
      expect(await waiting.session.outcome).toEqual({ status: "completed", value: 1 });
      await waiting.session[Symbol.asyncDispose]();
      const pids = process.platform === "linux" ? pidsHere() : [];

      const refused = await observe(
        engine,
        "console.log('begun'); return 1",
        {},
        { after: Promise.reject(new Error("no")) },
      );
      expect(await refused.session.outcome).toMatchObject({
        status: "failed",
        error: { code: "run_cancelled" },
      });
      await refused.session[Symbol.asyncDispose]();
      expect(refused.logs).toEqual([]);
      expect(completed(await runProgram(engine, "return 2"))).toBe(2);
      if (process.platform === "linux") expect(pidsHere()).toEqual(pids);
    });

    test("know when the guest is idle, and ignore what was answered already", async () => {
      const engine = await start({ prewarm: 1 });
      const { session, calls } = await observe(
        engine,
        "const [a] = await Promise.all([tools.a.b(), tools.a.c()]); await tools.a.d(); return a",
      );
      expect(await session.idle()).toEqual({ issued: 2 });
      session.deliver({ seq: 2, ok: true, value: "second", now: 1 });
      session.deliver({ seq: 2, ok: true, value: "again", now: 1 });
      session.deliver({ seq: 9, ok: true, value: "unknown", now: 1 });
      expect(await session.idle()).toEqual({ issued: 2 });
      session.deliver({ seq: 1, ok: true, value: "first", now: 2 });
      expect(await session.idle()).toEqual({ issued: 3 });
      session.deliver({ seq: 3, ok: true, value: "third", now: 3 });
      expect(await session.outcome).toEqual({ status: "completed", value: "first" });
      session.deliver({ seq: 3, ok: true, value: "late", now: 4 });
      expect(await session.idle()).toEqual({ issued: 3 });
      expect(calls.map(({ seq }) => seq)).toEqual([1, 2, 3]);
      await session[Symbol.asyncDispose]();
    });

    test("take deliveries ahead of the calls, and come to the same as when each is waited for", async () => {
      const engine = await start({ prewarm: 1, most: 2 });
      const program = `const seen = [Date.now()];
        for (let n = 0; n < 300; n += 3) {
          const both = [tools.a.b({ n }), tools.a.b({ n: n + 1 })];
          seen.push(await Promise.race(both), await tools.a.c({ seen: seen.length }).catch((error) => error.code));
          seen.push(...(await Promise.all(both)), Date.now(), Math.random());
        }
        return seen`;
      // Of three calls the second is answered first, then the first, then the third, which fails now and then.
      const order = Array.from({ length: 100 }, (_, turn) => [2, 1, 3].map((seq) => turn * 3 + seq)).flat();
      const deliveries = order.map((seq, index): Delivery => {
        const error = { code: "tool_failed", message: "no" } as const;
        return seq % 15 === 0
          ? { seq, now: index, ok: false, error }
          : { seq, now: index, ok: true, value: seq };
      });
      const ahead = await observe(engine, program);
      await ahead.session.idle();
      deliveries.forEach((delivery, index) =>
        ahead.session.deliver(delivery, { ahead: true, more: index % 40 < 39 && index < 299 }),
      );
      const waited = await observe(engine, program);
      for (const delivery of deliveries) {
        while (waited.calls.length < delivery.seq) await waited.session.idle();
        waited.session.deliver(delivery);
      }
      const outcome = await waited.session.outcome;
      expect(outcome).toMatchObject({ status: "completed", value: { length: 601 } });
      expect(await ahead.session.outcome).toEqual(outcome);
      expect(ahead.calls).toEqual(waited.calls);
      await ahead.session[Symbol.asyncDispose]();
      await waited.session[Symbol.asyncDispose]();
    });

    test("hear what was gathered while more was to come, whatever comes then", async () => {
      const engine = await start({ prewarm: 1 });
      const body =
        "await tools.a.b(); await tools.a.c(); console.log('gathered'); await tools.a.d(); return 4";
      const { session, calls, logs } = await observe(engine, body);
      await session.idle();
      session.deliver({ seq: 1, ok: true, value: 1, now: 1 }, { ahead: true, more: true });
      session.deliver({ seq: 2, ok: true, value: 2, now: 2 }, { ahead: true, more: true });
      expect(await session.idle()).toEqual({ issued: 3 });
      expect(calls.map(({ seq }) => seq)).toEqual([1, 2, 3]);
      expect(logs.map(({ text }) => text)).toEqual(["gathered"]);
      session.deliver({ seq: 3, ok: true, value: 3, now: 3 }, { more: true });
      expect(await session.outcome).toEqual({ status: "completed", value: 4 });
      await session[Symbol.asyncDispose]();
    });

    test("end where a call was answered ahead that had not been issued when its turn came", async () => {
      const engine = await start({ prewarm: 1 });
      const { session } = await observe(engine, "return [await tools.a.b(), await tools.a.c()]");
      await session.idle();
      session.deliver({ seq: 2, ok: true, value: "too early", now: 1 }, { ahead: true });
      session.deliver({ seq: 1, ok: true, value: "first", now: 2 }, { ahead: true });
      expect(await session.outcome).toMatchObject({ status: "failed", error: { code: "never_settled" } });
      await session[Symbol.asyncDispose]();
    });

    test("that are disposed early are cancelled, and tell nothing after that", async () => {
      const engine = await start({ prewarm: 1, most: 1 });
      const { session, calls, logs } = await observe(
        engine,
        "for (;;) { console.log('x'); await tools.a.b() }",
      );
      await session[Symbol.asyncDispose]();
      const seen = [calls.length, logs.length];
      expect(await session.outcome).toMatchObject({ error: { code: "run_cancelled" } });
      expect(completed(await runProgram(engine, "return 1"))).toBe(1);
      expect([calls.length, logs.length]).toEqual(seen);
    });

    test("run beside each other without a word between them", async () => {
      const engine = await start({ prewarm: 2, most: 3 });
      const code = "globalThis.mine = await tools.a.b(); await tools.a.c(); return globalThis.mine";
      const runs = Array.from({ length: 9 }, (_, index) =>
        runProgram(engine, code, { answer: () => new Promise((resolve) => setTimeout(resolve, 5, index)) }),
      );
      expect((await Promise.all(runs)).map(completed)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    });
  });

  describe("the queue", () => {
    test("has a bound, and the next is told that all are busy", async () => {
      const engine = await start({ prewarm: 1, most: 1, queue: 1 });
      const { session } = await observe(engine, "await tools.a.b()");
      const second = runProgram(engine, "return 2");
      await expect(runProgram(engine, "return 3")).rejects.toMatchObject({ code: "sandbox_busy" });
      session.cancel();
      await session[Symbol.asyncDispose]();
      expect(completed(await second)).toBe(2);
    });

    test("is left by who is aborted while waiting", async () => {
      const engine = await start({ prewarm: 1, most: 1 });
      const { session } = await observe(engine, "await tools.a.b()");
      const aborted = runProgram(engine, "return 1", { signal: AbortSignal.timeout(30) });
      await expect(aborted).rejects.toMatchObject({ code: "run_cancelled" });
      session.cancel();
      await session[Symbol.asyncDispose]();
      expect(completed(await runProgram(engine, "return 1"))).toBe(1);
    });
  });

  describe("processes", () => {
    onLinux("serve one run after another", async () => {
      const engine = await start({ prewarm: 1, most: 1 });
      await runProgram(engine, "return 1");
      const before = pidsHere();
      expect(before).toHaveLength(1);
      await runProgram(engine, "return 1");
      expect(pidsHere()).toEqual(before);
    });

    onLinux("serve one run alone where that is asked for", async () => {
      const engine = await start({ prewarm: 1, most: 1, reuse: false });
      const seen = new Set<number>();
      for (let round = 0; round < 3; round++) {
        const answer = () => {
          for (const pid of pidsHere()) seen.add(pid);
          return null;
        };
        await runProgram(engine, "await tools.a.b()", { answer });
      }
      expect(seen.size).toBeGreaterThanOrEqual(3);
    });

    onLinux("never serve two principals", async () => {
      const engine = await start({ prewarm: 1, most: 1, patienceMs: 0 });
      const pids: number[][] = [];
      for (const principal of ["ann", "bob", "ann"]) {
        const answer = () => void pids.push(pidsHere());
        await runProgram(engine, "await tools.a.b()", { answer, principal });
      }
      const [ann = [], bob = []] = pids;
      expect(ann).toHaveLength(1);
      expect(bob).toHaveLength(1);
      expect(bob).not.toEqual(ann);
    });

    onLinux("that are killed in the middle fail their run and no other", async () => {
      const engine = await start({ prewarm: 1, most: 1 });
      for (let round = 0; round < 2; round++) {
        const answer = () => {
          for (const pid of pidsHere()) process.kill(pid, "SIGKILL");
          return null;
        };
        const { outcome } = await runProgram(engine, "return await tools.a.b()", { answer });
        expect(outcome).toMatchObject({ error: { code: "sandbox_died" } });
        expect(completed(await runProgram(engine, "return 1"))).toBe(1);
      }
    });

    onLinux("leave neither themselves nor a file nor a descriptor", async () => {
      const warm = await start({ prewarm: 1 });
      await runProgram(warm, "return 1");
      await warm[Symbol.asyncDispose]();
      const files = await countFiles();
      const descriptors = readdirSync("/proc/self/fd").length;
      const engine = await start({ prewarm: 2 });
      const running = [
        runProgram(engine, "for (;;);"),
        runProgram(engine, "await tools.a.b()", { answer: () => new Promise(() => {}) }),
      ];
      await untilTrue(() => pidsHere().length >= 2);
      const pids = pidsHere();
      await engine[Symbol.asyncDispose]();
      for (const { outcome } of await Promise.all(running)) expect(outcome.status).toBe("failed");
      expect(pids.filter(isAlive)).toEqual([]);
      await expect(runProgram(engine, "return 1")).rejects.toMatchObject({ code: "run_cancelled" });
      await untilTrue(() => readdirSync("/proc/self/fd").length <= descriptors);
      expect(await countFiles()).toBe(files);
    });
  });
}

/** In this host's own folder for sandboxes. */
async function countFiles(): Promise<number> {
  return readdirSync((await openStateFolder()).path, { recursive: true }).length;
}
