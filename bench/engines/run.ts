/**
 * Our engines and those that install from npm, side by side in one run: each figure is measured on all of them
 * in turn, in rounds, before the next, each time in a process of its own that is killed at its deadline. A
 * cell is the median of the rounds, and in brackets the best, which a busy machine disturbs least.
 *
 *   npm run --silent build && npm ci --prefix bench && node bench/engines/run.ts [scale] [rounds] [contestant …]
 *
 * `scale` 1 (default) makes 10,000 runs for the memory figure; `0.2 1` is a quick look.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { contestants } from "./contestants/all.ts";
import { figures, type Cells } from "./figures.ts";

const [scale = "1", rounds = "3", ...asked] = process.argv.slice(2);
const keys = asked.length > 0 ? asked : Object.keys(contestants);
const load = (): string => readFileSync("/proc/loadavg", "utf8").split(" ").slice(0, 3).join(" ");

interface Answer {
  readonly name?: string;
  readonly cells: Cells;
}

/** What a figure says of an engine that did not come back. */
const hung: { readonly [figure: string]: Cells } = {
  kill: { "for(;;)": "never stopped", "stop → next": "never" },
  late: { "await; for(;;)": "never stopped" },
  neighbours: { "10% hostile": "hangs" },
};
/** The column that says so where nothing else is known. */
const firstColumn: { readonly [figure: string]: string } = {
  fresh: "fresh p50",
  call: "call p50",
  parallel: "5 × 100 ms",
  large: "1 MB result",
  throughput: "runs/s",
  neighbours: "10% hostile",
  memory: "private MB",
};
const deadlineMs: { readonly [figure: string]: number } = { kill: 20_000, late: 12_000, neighbours: 45_000 };

function measure(key: string, figure: string): Promise<Answer> {
  const script = join(import.meta.dirname, "measure-figure.ts");
  // isolated-vm asks for the first flag.
  const flags = ["--no-node-snapshot", "--expose-gc", "--disable-warning=ExperimentalWarning"];
  const child = spawn(process.execPath, [...flags, script, key, figure, scale], {
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let text = "";
  let problem = "";
  child.stdout.on("data", (chunk: Buffer) => {
    text += String(chunk);
    // Some never leave once they have answered.
    if (/^\{.*\}\n$/m.test(text)) endGroup(child.pid);
  });
  child.stderr.on("data", (chunk: Buffer) => (problem = (problem + String(chunk)).slice(-4_000)));
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    endGroup(child.pid);
  }, deadlineMs[figure] ?? 120_000);
  return new Promise((resolve) => {
    child.once("close", (code) => {
      clearTimeout(timer);
      endGroup(child.pid);
      const line = text.trim().split("\n").at(-1) ?? "";
      if (line.startsWith("{")) return resolve(JSON.parse(line) as Answer);
      if (code === 3) return resolve({ cells: {} });
      if (late) return resolve({ cells: hung[figure] ?? { [firstColumn[figure] ?? figure]: "hangs" } });
      const why = /^\w*Error.*$/m.exec(problem)?.[0] ?? `exit ${code}`;
      console.error(`${key}, ${figure}: ${why}`);
      return resolve({
        cells: { [firstColumn[figure] ?? figure]: hung[figure] === undefined ? "failed" : "host died" },
      });
    });
  });
}

/** The child and what it has started. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // All have ended.
  }
}

interface Row {
  name: string;
  /** What each round said, by column. */
  readonly cells: Map<string, string[]>;
}

/** Measured once: they take long, or say yes or no. */
const once = new Set(["late", "memory"]);
const before = load();
const rows = new Map<string, Row>(keys.map((key) => [key, { name: key, cells: new Map() }]));
for (const figure of Object.keys(figures)) {
  for (let round = 0; round < (once.has(figure) ? 1 : Number(rounds)); round += 1) {
    for (const [key, row] of rows) {
      // What hangs or fails once is not tried again.
      const said = [...row.cells.values()].flat();
      if (round > 0 && said.at(-1)?.match(/^(hangs|never|failed|host died)/)) continue;
      const { name, cells } = await measure(key, figure);
      if (name !== undefined) row.name = name;
      for (const [column, cell] of Object.entries(cells))
        row.cells.set(column, [...(row.cells.get(column) ?? []), cell]);
      if (Object.keys(cells).length > 0)
        console.error(`${row.name}: ${JSON.stringify(cells)} (load ${load()})`);
    }
  }
}

/** The median of the rounds and the best of them. */
function summary(column: string, cells: readonly string[] = []): string {
  if (cells.length < 2) return cells[0] ?? "–";
  const sorted = cells.toSorted((a, b) => Number.parseFloat(a) - Number.parseFloat(b));
  const best = column === "runs/s" ? sorted.at(-1) : sorted[0];
  const median = sorted[Math.floor(sorted.length / 2)];
  return median === best ? String(median) : `${median} (${best})`;
}

const there = [...rows.values()].filter((row) => row.cells.size > 0);
const columns = [...new Set(there.flatMap((row) => [...row.cells.keys()]))];
console.log(`${cpus().length} × ${cpus()[0]?.model.trim()}, Node.js ${process.version}`);
console.log(`load average before ${before}, after ${load()}\n`);
console.log(`| engine | ${columns.join(" | ")} |`);
console.log(`| --- |${columns.map(() => " --- |").join("")}`);
for (const { name, cells } of there)
  console.log(`| ${name} | ${columns.map((column) => summary(column, cells.get(column))).join(" | ")} |`);
const missing = [...rows.values()].filter((row) => row.cells.size === 0);
if (missing.length > 0) console.log(`\nNot in this build: ${missing.map((row) => row.name).join(", ")}.`);
