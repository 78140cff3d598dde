/**
 * What the journal costs: on a read and a write beside the disk's own sync, a replay, a long list, paused runs
 * in memory, and how many durable calls a second one host sustains. Prints a table; nothing is asserted.
 *
 *   node --expose-gc bench/journal/run.ts [scale] [part …]
 *
 * `scale` 1 (default) makes 100,000 rows and 10,000 paused runs; 0.1 is a quick look. Parts are `overhead`,
 * `sustained`, `replay`, `list` and `paused`; all of them unless some are named.
 */
import { fsyncSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import {
  createCodemode,
  createFunctionsSource,
  createQuickJsEngine,
  createSqliteJournal,
  createWorkerdEngine,
  type Codemode,
  type Journal,
} from "../../src/index.ts";

const scale = Number(process.argv[2] ?? 1);
const folder = mkdtempSync(join(process.env["CODEMODE_BENCH_FOLDER"] ?? tmpdir(), "codemode-bench-"));
const rows: [what: string, figure: string, target: string][] = [];
const load = (): string => readFileSync("/proc/loadavg", "utf8").split(" ").slice(0, 3).join(" ");
const before = load();
let files = 0;

/** The store that keeps nothing: what is left of a call without a journal. */
function createNoJournal(journal: Journal): Journal {
  return { ...journal, commit: () => Promise.resolve() };
}

function newStore(): Journal {
  files += 1;
  return createSqliteJournal({ path: join(folder, `${files}.db`) });
}

function open(journal: Journal): Codemode {
  const input = { type: "object" } as const;
  return createCodemode({
    sources: [
      createFunctionsSource("s", {
        read: { description: "Reads.", effect: "read", input, run: () => ({ ok: true }) },
        write: { description: "Writes.", effect: "write", input, run: () => ({ ok: true }) },
        asked: { description: "Asks.", effect: "write", input, run: () => ({ ok: true }) },
      }),
    ],
    engine: createWorkerdEngine({ prewarm: 1 }),
    check: "off",
    limits: { calls: 100_000, callsInFlight: 256 },
    policy: ({ tool }) => ({ decision: tool.path === "s.asked" ? "ask" : "allow", reason: "bench" }),
    journal,
  });
}

const p50 = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const ms = (value: number): string => `${value.toFixed(value < 1 ? 3 : 1)} ms`;

async function run(
  codemode: Codemode,
  code: string,
): Promise<{ readonly runId: string; readonly ms: number }> {
  const began = performance.now();
  const { document } = await codemode.execute({ code });
  if (document.status === "failed") throw new Error(document.error?.message);
  return { runId: document.runId, ms: performance.now() - began };
}

interface PerCall {
  readonly ms: number;
  /** Of all threads of the host: less at the mercy of what else the machine does. */
  readonly cpuMs: number;
}

/** What one more call in a row takes. */
async function perCall(codemode: Codemode, tool: "read" | "write"): Promise<PerCall> {
  const few = 20;
  const many = 220;
  const code = (count: number): string => `for (let i = 0; i < ${count}; i++) await tools.s.${tool}({ i })`;
  await run(codemode, code(many));
  const times: number[] = [];
  const cpuTimes: number[] = [];
  for (let round = 0; round < 9; round += 1) {
    const short = await timed(codemode, code(few));
    const long = await timed(codemode, code(many));
    times.push((long.ms - short.ms) / (many - few));
    cpuTimes.push((long.cpuMs - short.cpuMs) / (many - few));
  }
  return { ms: p50(times), cpuMs: p50(cpuTimes) };
}

async function timed(codemode: Codemode, code: string): Promise<PerCall> {
  const before = process.cpuUsage();
  const { ms: took } = await run(codemode, code);
  const { user, system } = process.cpuUsage(before);
  return { ms: took, cpuMs: (user + system) / 1_000 };
}

function syncMs(): number {
  const file = openSync(join(folder, "sync"), "w");
  const figures = Array.from({ length: 60 }, () => {
    const began = performance.now();
    writeSync(file, Buffer.alloc(8_192, 1));
    fsyncSync(file);
    return performance.now() - began;
  });
  return p50(figures);
}

async function measureOverhead(): Promise<void> {
  await using bare = open(createNoJournal(newStore()));
  await using kept = open(newStore());
  const bareRead = await perCall(bare, "read");
  const keptRead = await perCall(kept, "read");
  const bareWrite = await perCall(bare, "write");
  const keptWrite = await perCall(kept, "write");
  rows.push([
    "read call, journal's share, p50",
    `${((keptRead.ms - bareRead.ms) * 1_000).toFixed(0)} µs of ${ms(keptRead.ms)}`,
    "≤ 100 µs",
  ]);
  rows.push([
    "the same in CPU time of the host",
    `${((keptRead.cpuMs - bareRead.cpuMs) * 1_000).toFixed(0)} µs of ${ms(keptRead.cpuMs)}`,
    "",
  ]);
  rows.push([
    "write call, journal's share, p50",
    `${ms(keptWrite.ms - bareWrite.ms)} of ${ms(keptWrite.ms)}`,
    "≤ 5 ms",
  ]);
  rows.push(["the disk's own sync of 8 KiB, p50", ms(syncMs()), ""]);
}

async function measureSustained(): Promise<void> {
  await using codemode = open(newStore());
  const calls = 2_000;
  const code = (count: number): string =>
    `await Promise.all(Array.from({ length: ${count} }, (_, i) => tools.s.write({ i })))`;
  await run(codemode, code(50));
  const alone = await run(codemode, `for (let i = 0; i < 300; i++) await tools.s.write({ i })`);
  rows.push(["durable calls, one after the other", `${((300 / alone.ms) * 1_000).toFixed(0)}/s`, "≥ 200/s"]);
  const { ms: took } = await run(codemode, code(calls));
  rows.push(["durable calls, 256 in flight", `${((calls / took) * 1_000).toFixed(0)}/s`, "≥ 200/s"]);
}

async function measureReplay(): Promise<void> {
  await using codemode = open(newStore());
  const code = (calls: number): string =>
    `for (let i = 0; i < ${calls}; i++) await tools.s.read({ i }); return await tools.s.asked({})`;
  const resumed = async (calls: number): Promise<number> => {
    const { runId } = await run(codemode, code(calls));
    await codemode.answer({ runId, approve: true });
    // Whoever answers takes longer than the next process to boot.
    await delay(500);
    const began = performance.now();
    const { document } = await codemode.resume({ runId });
    if (document.status !== "completed") throw new Error(document.status);
    return performance.now() - began;
  };
  await resumed(1_000);
  const whole: number[] = [];
  const empty: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    empty.push(await resumed(0));
    whole.push(await resumed(1_000));
  }
  rows.push(["replay of 1,000 calls, p50", `${ms(p50(whole))} (of none: ${ms(p50(empty))})`, "≤ 150 ms"]);
}

function anOrigin(at: number): Parameters<Journal["create"]>[0] {
  return {
    runId: `run_${at.toString(36).padStart(8, "0")}`,
    principal: "local",
    code: `return await tools.github.issues.create({ title: "Issue ${at}", body: "${"text ".repeat(40)}" })`,
    codeHash: "0".repeat(64),
    catalogVersion: "v",
    policyVersion: "p",
    seed: "s",
    engine: "bench",
    limits: "{}",
    startedAt: at,
  };
}

async function measureList(): Promise<void> {
  const count = Math.round(100_000 * scale);
  const journal = newStore();
  for (let at = 0; at < count; at += 1_000)
    await Promise.all(
      Array.from({ length: 1_000 }, async (_, index) => {
        const lease = await journal.create(anOrigin(at + index), "bench", 60_000);
        const outcome = JSON.stringify({ result: "x".repeat(index % 100 === 0 ? 50_000 : 300), logs: [] });
        const status = index % 1_000 === 0 ? "failed" : "completed";
        await journal.commit(lease, { status, outcome, durable: false });
        await journal.release(lease);
      }),
    );
  await using codemode = createCodemode({
    sources: [],
    engine: createQuickJsEngine({ prewarm: 0 }),
    check: "off",
    journal,
  });
  const asked = [
    ["the newest 50", {}],
    ["50 in the middle", { before: anOrigin(count / 2).runId }],
    ["50 that failed", { status: ["failed"] as const }],
    ["all in pages of 1,000, a page", { limit: 1_000 }],
    ["all at once", { limit: count }],
  ] as const;
  for (const [what, request] of asked) {
    const figures: number[] = [];
    for (let round = 0; round < (what === "all at once" ? 3 : 15); round += 1) {
      const began = performance.now();
      await codemode.runs(request);
      figures.push(performance.now() - began);
    }
    rows.push([`runs over ${count} rows, ${what}, p50`, ms(p50(figures)), "≤ 50 ms"]);
  }
}

async function measurePaused(): Promise<void> {
  const count = Math.round(10_000 * scale);
  await using codemode = open(newStore());
  const code = "return await tools.s.asked({ n: 1 })";
  for (let warm = 0; warm < 50; warm += 1) await run(codemode, code);
  const size = (): number => {
    globalThis.gc?.();
    return process.memoryUsage().heapUsed / 2 ** 20;
  };
  const first = size();
  for (let at = 0; at < count; at += 4)
    await Promise.all(Array.from({ length: Math.min(4, count - at) }, () => run(codemode, code)));
  const grown = size() - first;
  rows.push([
    `heap after ${count} more paused runs`,
    `${grown.toFixed(1)} MB (${((grown / count) * 1_024).toFixed(2)} KB a run)`,
    "none",
  ]);
}

const parts = {
  overhead: measureOverhead,
  sustained: measureSustained,
  replay: measureReplay,
  list: measureList,
  paused: measurePaused,
};
const named = process.argv.slice(3);
for (const [part, measure] of Object.entries(parts)) {
  if (named.length > 0 && !named.includes(part)) continue;
  const known = rows.length;
  await measure();
  for (const row of rows.slice(known)) console.error(`${row.join(" | ")} (load ${load()})`);
}
rmSync(folder, { recursive: true });
console.log(
  `${cpus().length} × ${cpus()[0]?.model.trim()}, Node.js ${process.version}, store in ${tmpdir()}`,
);
console.log(`load average before ${before}, after ${load()}\n`);
console.log("| what | measured | target |\n| --- | --- | --- |");
for (const row of rows) console.log(`| ${row.join(" | ")} |`);
