/**
 * The loader's figures on both engines: a fresh worker to the answer of its first call, a further call of a worker that
 * is there, and a call that calls a binding. Run it with `node bench/loader/run.ts [times]`.
 */
import { readFileSync } from "node:fs";
import { createQuickJsEngine, createWorkerdEngine } from "../../src/index.ts";
import { createLoader, type Loader, type WorkerCode } from "../../src/loader/create-loader.ts";

const times = Number(process.argv[2] ?? 200);
const load = (): string => readFileSync("/proc/loadavg", "utf8").split(" ").slice(0, 3).join(" ");

interface Adder {
  add(a: number, b: number): number;
  viaHost(a: number, b: number): number;
}

const code: WorkerCode = {
  mainModule: "main.js",
  modules: {
    "main.js": `import { env } from "cloudflare:workers";
      export default { add: (a, b) => a + b, viaHost: async (a, b) => (await env.add(a, b)) };`,
  },
  env: { add: (a: unknown, b: unknown) => Number(a) + Number(b) },
};

async function measure(count: number, call: () => Promise<number>): Promise<string> {
  const taken: number[] = [];
  for (let time = 0; time < count + 10; time += 1) {
    const began = performance.now();
    if ((await call()) !== 3) throw new Error("The worker cannot add.");
    taken.push(performance.now() - began);
  }
  const settled = taken.slice(10).sort((a, b) => a - b);
  const at = (share: number): string =>
    (settled[Math.floor(settled.length * share)] ?? Number.NaN).toFixed(2);
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`;
}

async function fresh(loader: Loader): Promise<number> {
  await using worker = loader.load(code);
  return await worker.getEntrypoint<Adder>().add(1, 2);
}

console.log(`load ${load()}`);
for (const [name, engine] of [
  ["workerd", createWorkerdEngine()],
  ["quickjs", createQuickJsEngine()],
] as const) {
  await using loader = createLoader({ engine });
  console.log(`${name}: load, first call and dispose: ${await measure(times, () => fresh(loader))}`);
  const warm = loader.get("warm", () => code).getEntrypoint<Adder>();
  console.log(`${name}: warm call:                     ${await measure(times * 5, () => warm.add(1, 2))}`);
  console.log(
    `${name}: warm call with a binding:      ${await measure(times * 5, () => warm.viaHost(1, 2))}`,
  );
}
console.log(`load ${load()}`);
