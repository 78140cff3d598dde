/**
 * A snippet with one call to an in-memory tool, submit → result, and what many runs leave behind. Run it with
 * `node bench/product/one-call.ts [runs]`.
 */
import { readdirSync, readFileSync } from "node:fs";
import { createCodemode, createFunctionsSource, createWorkerdEngine, type Source } from "../../src/index.ts";

const runs = Number(process.argv[2] ?? 2_000);
const numbers = (): Source =>
  createFunctionsSource("numbers", {
    add: {
      description: "Adds two numbers.",
      effect: "read",
      input: {
        type: "object",
        properties: { a: { type: "number" }, b: { type: "number" } },
        required: ["a", "b"],
      },
      run: ({ a, b }: { a: number; b: number }) => a + b,
    },
  });

for (const check of ["off", "error"] as const) {
  await using codemode = createCodemode({
    sources: [numbers()],
    engine: createWorkerdEngine(),
    policy: "allow-all",
    check,
  });
  const times: number[] = [];
  const memory: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const began = performance.now();
    const { document } = await codemode.execute({
      code: `return await tools.numbers.add({ a: ${run}, b: 1 })`,
    });
    if (document.result !== run + 1) throw new Error(JSON.stringify(document));
    times.push(performance.now() - began);
    if (run % Math.ceil(runs / 10) === 0) {
      globalThis.gc?.();
      memory.push(process.memoryUsage().rss / 2 ** 20);
    }
  }
  const settled = times.slice(Math.min(50, runs / 10)).sort((a, b) => a - b);
  const at = (share: number): string => (settled[Math.floor(settled.length * share)] ?? NaN).toFixed(2);
  console.log(
    `check ${check}: ${runs} runs, submit → result p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms`,
  );
  console.log(`  host memory over the runs, MiB: ${memory.map((each) => each.toFixed(0)).join(" ")}`);
  console.log(`  processes below the host at the end: ${countChildren()}`);
}

function countChildren(): number {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name) && parentOf(name) === process.pid).length;
}

function parentOf(pid: string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ")[1]);
  } catch {
    return 0;
  }
}
