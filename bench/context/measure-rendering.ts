/**
 * How long the text of a result of 1 MB takes, by shape: `documentToText` as it runs at the end of every run. CPU time
 * of the process, so that what else runs on the machine does not count; garbage collection does.
 */
import { documentToText } from "../../src/run/document-to-text.ts";
import type { RunDocument } from "../../src/spec/run.ts";
import type { Json } from "../../src/spec/value.ts";

const megabyte = 2 ** 20;
const regions = ["north", "south", "east", "west"];
const sentence = "Some words about a thing that happened, and what came of it in the end. ";
const grow = (item: (at: number) => Json): Json => {
  const items: Json[] = [];
  for (let size = 0; size < megabyte; size += JSON.stringify(items.at(-1)).length + 1)
    items.push(item(items.length));
  return items;
};

const shapes: readonly (readonly [shape: string, result: Json])[] = [
  [
    "rows",
    grow((id) => ({ id, region: regions[id % 4] ?? "", amount: id * 1.5, day: `2026-01-${10 + (id % 20)}` })),
  ],
  ["documents", grow((id) => ({ id, title: `Document ${id}`, body: sentence.repeat(30), tags: ["a", "b"] }))],
  ["numbers", grow((id) => id * 7)],
  ["one text", sentence.repeat(megabyte / sentence.length)],
];

export interface Rendering {
  readonly shape: string;
  readonly p50: number;
  readonly p95: number;
}

export function measureRendering(rounds = 200): readonly Rendering[] {
  return shapes.map(([shape, result]) => {
    const document: RunDocument = {
      runId: "run_bench",
      status: "completed",
      result,
      logs: [],
      calls: [],
      writes: [],
      timings: { queueMs: 0, checkMs: 0, runMs: 0, totalMs: 0 },
    };
    const times: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const began = process.cpuUsage();
      documentToText(document, { code: "return 1" });
      const { user, system } = process.cpuUsage(began);
      times.push((user + system) / 1_000);
    }
    const sorted = times.slice(rounds / 5).sort((a, b) => a - b);
    const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? NaN;
    return { shape, p50: at(0.5), p95: at(0.95) };
  });
}
