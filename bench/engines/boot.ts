/**
 * What confinement costs at boot: `workerd` with an empty worker and a Node.js child, from spawn to the
 * first sign of life at each level this machine gives, beside a bare `spawn`; then sealing, death, memory,
 * and what the watch over running processes costs the host.
 *
 *   node bench/engines/boot.ts [rounds]
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { readDataBytes } from "../../src/sandbox/process/fit-data-limit.ts";
import { measureIsolation } from "../../src/sandbox/process/probe-isolation.ts";
import { spawnConfined } from "../../src/sandbox/process/spawn-confined.ts";
import { usageWatcher } from "../../src/sandbox/process/watch-usage.ts";
import { findWorkerdBinary } from "../../src/sandbox/workerd/workerd-binary.ts";
import { isolationLevels, type IsolationLevel } from "../../src/spec/engine.ts";

interface Program {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly files: { readonly [name: string]: string };
  readonly baselineMb: number;
}

const config = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (modules = [(name = "main.js", esModule = "export default {}")], compatibilityDate = "2026-10-01")),
    (name = "internet", network = (allow = [])),
  ],
  sockets = [(name = "main", address = "unix:bridge.sock", http = (), service = "main")],
);`;

const programs: readonly Program[] = [
  {
    name: "workerd",
    command: findWorkerdBinary().path,
    args: ["serve", "config.capnp", "--experimental", "--control-fd=3"],
    files: { "config.capnp": config },
    baselineMb: 535,
  },
  {
    name: "node",
    command: process.execPath,
    args: ["main.cjs"],
    files: { "main.cjs": `require("node:fs").writeSync(3, "ready"); setInterval(() => {}, 1e6);` },
    baselineMb: 640,
  },
];

interface Sample {
  readonly bootMs: number;
  readonly sealMs: number;
  readonly killMs: number;
  readonly privateMb: number;
  readonly dataMb: number;
}

async function bootBare({ command, args, files }: Program): Promise<Sample> {
  const folder = await mkdtemp(join(tmpdir(), "codemode-bench-"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const begun = performance.now();
  const child = spawn(command, args, { cwd: folder, env: {}, stdio: ["ignore", "ignore", "ignore", "pipe"] });
  const control = child.stdio[3];
  if (!control) throw new Error("no pipe");
  await once(control, "data");
  const bootMs = performance.now() - begun;
  const memory = await measureMemory(child.pid ?? 0);
  const killed = performance.now();
  child.kill("SIGKILL");
  await once(child, "close");
  const killMs = performance.now() - killed;
  await rm(folder, { recursive: true });
  return { bootMs, sealMs: 0, killMs, ...memory };
}

async function bootConfined(program: Program, level: IsolationLevel): Promise<Sample> {
  const { command, args, files, baselineMb } = program;
  const begun = performance.now();
  const sandbox = await spawnConfined({
    command,
    args,
    files,
    makesSocket: true,
    pipes: 1,
    memory: { baselineMb, budgetMb: 128 },
    level,
  });
  const [control] = sandbox.pipes;
  if (!control) throw new Error("no pipe");
  const died = sandbox.exited.then(({ stderr }) => {
    throw new Error(stderr);
  });
  await Promise.race([once(control, "data"), died]);
  const booted = performance.now();
  await sandbox.seal();
  const sealed = performance.now();
  const memory = await measureMemory(sandbox.pid);
  const killed = performance.now();
  await sandbox.kill();
  died.catch(() => undefined);
  return {
    bootMs: booted - begun,
    sealMs: sealed - booted,
    killMs: performance.now() - killed,
    ...memory,
  };
}

async function measureMemory(pid: number): Promise<{ privateMb: number; dataMb: number }> {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  const kilobytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1] ?? 0);
  return {
    privateMb: (kilobytes("Private_Clean") + kilobytes("Private_Dirty")) / 1024,
    dataMb: ((await readDataBytes(pid)) ?? 0) / 2 ** 20,
  };
}

/** Host CPU per second of watching, in percent of one core. */
async function measureWatching(processes: number): Promise<number> {
  const seconds = 2;
  const watches = Array.from({ length: processes }, () =>
    usageWatcher.watch({
      pid: process.pid,
      limits: { cpuMs: 1e9, memoryMb: 1e6 },
      onBreach: () => undefined,
    }),
  );
  const before = process.cpuUsage();
  await delay(seconds * 1000);
  const { user, system } = process.cpuUsage(before);
  for (const watch of watches) watch[Symbol.dispose]();
  return (user + system) / 1e4 / seconds;
}

const rounds = Number(process.argv[2] ?? 20);
const begun = performance.now();
const { level: best, missing } = await measureIsolation();
console.log(
  `probing: ${(performance.now() - begun).toFixed(0)} ms, this machine gives ${best} ${missing.join(" ")}\n`,
);

const levels = isolationLevels.slice(0, isolationLevels.indexOf(best) + 1);
const samples = new Map<string, Sample[]>();
for (let round = 0; round < rounds; round += 1) {
  // Side by side in each round, so that the machine's moods fall on all alike.
  for (const program of programs) {
    for (const level of ["bare", ...levels] as const) {
      const sample = level === "bare" ? await bootBare(program) : await bootConfined(program, level);
      const key = `${program.name.padEnd(8)} ${level.padEnd(10)}`;
      samples.set(key, [...(samples.get(key) ?? []), sample]);
    }
  }
}

const quantile = (values: readonly number[], at: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * at))] ?? 0;
const columns = ["bootMs", "sealMs", "killMs", "privateMb", "dataMb"] as const;
console.log(`program  level      ${columns.map((column) => `${column} p50 / p95`.padStart(20)).join("")}`);
for (const [key, found] of samples) {
  const cells = columns.map((column) => {
    const values = found.map((sample) => sample[column]);
    return `${quantile(values, 0.5).toFixed(1)} / ${quantile(values, 0.95).toFixed(1)}`.padStart(20);
  });
  console.log(key + cells.join(""));
}

for (const processes of [1, 8, 32]) {
  const percent = await measureWatching(processes);
  console.log(
    `\nwatching ${processes} processes (${usageWatcher.means.cpu}): ${percent.toFixed(2)}% of a core`,
  );
}
