import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { runProgram } from "../../../test/fixtures/run-program.ts";
import { defaultLimits } from "../../spec/limits.ts";
import { bootWorkerd } from "./boot-workerd.ts";
import { createWorkerdEngine } from "./create-workerd-engine.ts";
import { findWorkerdBinary } from "./workerd-binary.ts";

/** A zombie is dead, and waits for whoever inherited it. */
const isAlive = (pid: number): boolean => {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return false;
  }
};

/** Children of this process, whatever runs between. */
function sandboxPids(): number[] {
  const found: number[] = [];
  const visit = (pid: number): void => {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    for (const child of children === "" ? [] : children.split(" ").map(Number)) {
      const command = readFileSync(`/proc/${child}/cmdline`, "utf8");
      if (command.includes("workerd")) found.push(child);
      visit(child);
    }
  };
  visit(process.pid);
  return found;
}

const onLinux = test.runIf(process.platform === "linux");

test("says what it runs on and how each limit is held", async () => {
  await using engine = createWorkerdEngine({ prewarm: 1 });
  const report = await engine.ready();
  expect(report).toMatchObject({ engine: "workerd", build: expect.stringMatching(/^workerd \d/) });
  expect(Object.keys(report.means)).toEqual(expect.arrayContaining(["cpu", "memory", "wall"]));
});

test("refuses to start below the isolation that is required", async () => {
  await using engine = createWorkerdEngine({ prewarm: 1, level: "process", require: "jailed" });
  await expect(engine.ready()).rejects.toMatchObject({ code: "sandbox_too_weak" });
});

test("serves at once after it was idle for longer than the runtime keeps a connection", async () => {
  await using engine = createWorkerdEngine({ prewarm: 1, most: 1 });
  await engine.ready();
  await delay(17_000);
  const { outcome } = await runProgram(engine, "return 1", { limits: { ...defaultLimits, wallMs: 5_000 } });
  expect(outcome).toEqual({ status: "completed", value: 1 });
});

onLinux("has nothing in its environment but time zone and locale", async () => {
  await using engine = createWorkerdEngine({ prewarm: 1, most: 1 });
  await engine.ready();
  const environments = sandboxPids().map((pid) => readFileSync(`/proc/${pid}/environ`, "utf8"));
  expect(environments.length).toBeGreaterThan(0);
  for (const environment of environments)
    expect(environment).toMatch(/^(?:(?:TZ=UTC|LC_ALL=en_US\.UTF-8|PWD=\S*)\0)*$/);
});

onLinux("leaves no process behind, whatever was going on", async () => {
  const before = sandboxPids();
  const engine = createWorkerdEngine({ prewarm: 2 });
  await engine.ready();
  const pids = sandboxPids().filter((pid) => !before.includes(pid));
  expect(pids.length).toBeGreaterThanOrEqual(2);
  const spinning = runProgram(engine, "for (;;);");
  const waiting = runProgram(engine, "await tools.a.b()", { answer: () => new Promise(() => {}) });
  await new Promise((resolve) => setTimeout(resolve, 100));
  await engine[Symbol.asyncDispose]();
  for (const run of await Promise.all([spinning, waiting])) expect(run.outcome.status).toBe("failed");
  expect(pids.filter(isAlive)).toEqual([]);
  expect(sandboxPids().filter((pid) => !before.includes(pid))).toEqual([]);
  await expect(runProgram(engine, "return 1")).rejects.toMatchObject({ code: "run_cancelled" });
});

onLinux("a process that dies in the middle of a run fails that run and no other", async () => {
  await using engine = createWorkerdEngine({ prewarm: 1, most: 1 });
  await engine.ready();
  for (let round = 0; round < 3; round++) {
    const run = await runProgram(engine, "return await tools.a.b()", {
      answer: () => {
        for (const pid of sandboxPids()) process.kill(pid, "SIGKILL");
        return 1;
      },
    });
    expect(run.outcome).toMatchObject({ error: { code: "sandbox_died" } });
    expect((await runProgram(engine, "return 1")).outcome).toEqual({ status: "completed", value: 1 });
  }
});

onLinux("two hundred runs in one process leave its memory flat", async () => {
  const binary = findWorkerdBinary();
  await using engine = createWorkerdEngine({
    prewarm: 1,
    most: 1,
    recycle: { runs: 1_000, residentMb: 1_000 },
  });
  await engine.ready();
  const [pid] = sandboxPids().slice(-1);
  const resident = (): number =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  const code =
    "const kept = Array.from({ length: 20_000 }, (_, i) => ({ i })); await tools.a.b(1); return kept.length";
  for (let round = 0; round < 50; round++) await runProgram(engine, code);
  const warm = resident();
  for (let round = 0; round < 200; round++) {
    expect((await runProgram(engine, code)).outcome).toEqual({ status: "completed", value: 20_000 });
  }
  expect(resident()).toBeLessThan(warm + 40 * 1_024);
  expect(binary.build).toContain("workerd");
});

onLinux("without reuse every run has a process that nothing ran in", async () => {
  await using engine = createWorkerdEngine({ prewarm: 1, most: 2, reuse: false });
  await engine.ready();
  const seen = new Set<number>();
  for (let round = 0; round < 3; round++) {
    const answer = () => {
      for (const pid of sandboxPids()) if (!seen.has(pid)) seen.add(pid);
      return 1;
    };
    expect((await runProgram(engine, "return await tools.a.b()", { answer })).outcome.status).toBe(
      "completed",
    );
  }
  expect(seen.size).toBeGreaterThanOrEqual(3);
});

test("waits in the queue until it is cancelled", async () => {
  await using engine = createWorkerdEngine({ prewarm: 1, most: 1 });
  await engine.ready();
  const busy = runProgram(engine, "return await tools.a.b()", {
    answer: () => new Promise((resolve) => setTimeout(resolve, 300, 1)),
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  const signal = AbortSignal.timeout(50);
  await expect(runProgram(engine, "return 1", { signal })).rejects.toMatchObject({ code: "run_cancelled" });
  expect((await busy).outcome).toEqual({ status: "completed", value: 1 });
});

test("a session that is disposed early is cancelled, and its process replaced", async () => {
  await using engine = createWorkerdEngine({ prewarm: 1, most: 1 });
  const program = {
    code: "export default () => tools.a.b()",
    limits: defaultLimits,
    seed: "",
    now: 0,
    principal: "p",
  };
  const session = await engine.start(program, { call() {}, log() {} });
  await session[Symbol.asyncDispose]();
  expect(await session.outcome).toMatchObject({ error: { code: "run_cancelled" } });
  expect((await runProgram(engine, "return 1")).outcome.status).toBe("completed");
});

test("idle says how far the guest has come, and deliveries release it one by one", async () => {
  await using engine = createWorkerdEngine({ prewarm: 1, most: 1 });
  const code =
    "export default async () => { const [a] = await Promise.all([tools.a.b(), tools.a.c()]); await tools.a.d(); return a }";
  const seen: number[] = [];
  const session = await engine.start(
    { code, limits: defaultLimits, seed: "", now: 0, principal: "p" },
    { call: ({ seq }) => void seen.push(seq), log() {} },
  );
  expect(await session.idle()).toEqual({ issued: 2 });
  session.deliver({ seq: 2, ok: true, value: "second", now: 1 });
  expect(await session.idle()).toEqual({ issued: 2 });
  session.deliver({ seq: 1, ok: true, value: "first", now: 2 });
  expect(await session.idle()).toEqual({ issued: 3 });
  session.deliver({ seq: 3, ok: true, value: "third", now: 3 });
  expect(await session.outcome).toEqual({ status: "completed", value: "first" });
  expect(seen).toEqual([1, 2, 3]);
  await session[Symbol.asyncDispose]();
});

test("pings are answered in their order, however early they come", async () => {
  await using engine = createWorkerdEngine({ prewarm: 1, most: 1 });
  for (let round = 0; round < 20; round++) {
    const session = await engine.start(
      { code: "export default () => 1", limits: defaultLimits, seed: "", now: 0, principal: "p" },
      { call() {}, log() {} },
    );
    const pinging = setInterval(() => void session.idle(), 0);
    for (let ping = 0; ping < 20; ping++) {
      void session.idle();
      await new Promise((resolve) => setTimeout(resolve, Math.random()));
    }
    expect(await session.outcome).toEqual({ status: "completed", value: 1 });
    clearInterval(pinging);
    await session[Symbol.asyncDispose]();
  }
});

test("a process of its own boots, answers and dies", async () => {
  const process = await bootWorkerd({ binary: findWorkerdBinary(), memoryMb: 64 });
  const connection = await process.takeConnection();
  connection.close();
  await process.renewConnection();
  await process.kill();
  await process.exited;
  await expect(process.renewConnection()).rejects.toMatchObject({ code: "sandbox_died" });
});
