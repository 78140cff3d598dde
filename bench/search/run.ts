/**
 * Measures tool search: `node --expose-gc bench/search/run.ts [ranking] [documents] [speed] [task]`, with the
 * data folder in CODEMODE_DATA. Prints Markdown tables; all parts unless some are named.
 */
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { createSearch } from "../../src/search/create-search.ts";
import { searchAnswerToText } from "../../src/search/search-answer-to-text.ts";
import type { Catalog } from "../../src/spec/tool.ts";
import { toolToSignature } from "../../src/typegen/tool-to-signature.ts";
import { countFullTask } from "./count-full-task.ts";
import { loadDocuments } from "./load-documents.ts";
import { loadSet, setNames, setToCatalog, type LabelledSet } from "./load-sets.ts";
import {
  type Figure,
  figures,
  mean,
  measureRanking,
  pairedInterval,
  type QueryFigures,
} from "./measure-ranking.ts";
import { measureSpeed } from "./measure-speed.ts";
import { allPeers } from "./peers/all-peers.ts";

const parts = { ranking: printRanking, documents: printDocuments, speed: printSpeed, task: printTask };
const wanted = process.argv.slice(2);
for (const [name, print] of Object.entries(parts)) {
  if (wanted.length === 0 || wanted.includes(name)) await print();
}

async function printRanking(): Promise<void> {
  for (const name of setNames) {
    const set = loadSet(name);
    const grouped = setToCatalog(set, "grouped");
    await printSet(set, [
      { name: "codemode", catalog: grouped },
      ...(name === "metatool"
        ? []
        : [{ name: "codemode, one source", catalog: setToCatalog(set, "single") }]),
    ]);
    await printAnswerTokens(set, grouped);
  }
}

async function printDocuments(): Promise<void> {
  const { catalog, set } = await loadDocuments();
  await printSet(set, [{ name: "codemode", catalog }]);
  await printAnswerTokens(set, catalog);
}

interface Layout {
  readonly name: string;
  readonly catalog: Catalog;
}

async function printSet(set: LabelledSet, layouts: readonly Layout[]): Promise<void> {
  console.log(`\n### ${set.name}: ${set.tools.length} tools, ${set.queries.length} queries\n`);
  console.log(
    "| search | recall@1 | recall@5 | recall@10 | nDCG@10 | codemode's recall@5 is ahead by | ms per query |",
  );
  console.log("| --- | --- | --- | --- | --- | --- | --- |");
  let ours: readonly QueryFigures[] | undefined;
  for (const { name, catalog } of layouts) {
    const ask = askOurs(catalog, set);
    const { measured, ms } = await timed(set, ask);
    ours ??= measured;
    const halves = [0, 1].map((half) =>
      percent(
        mean(
          measured.filter((_, at) => at % 2 === half),
          "recall5",
        ),
      ),
    );
    console.log(`| **${name}** | ${cells(measured)} | (halves: ${halves.join(", ")}) | ${ms} |`);
  }
  for (const peer of allPeers) {
    const { measured, ms } = await timed(set, await peer.build(set.tools));
    const gain = pairedInterval(ours ?? [], measured, "recall5");
    const interval = `${signed(gain.difference)} [${signed(gain.low)}, ${signed(gain.high)}]`;
    console.log(`| ${peer.name} | ${cells(measured)} | ${interval} | ${ms} |`);
  }
}

/** By path or by upstream name, as the set's answers are. */
function askOurs(catalog: Catalog, set: LabelledSet): (query: string) => Promise<readonly string[]> {
  const search = createSearch({ signature: () => ({ signature: "", types: [], truncated: false }) });
  const byPath = set.queries.some((query) => catalog.tools.has(query.relevant[0] ?? ""));
  return async (query) => {
    const answer = await search.search(catalog, { query, limit: 10, detail: "names" });
    return answer.results.map((hit) =>
      byPath ? hit.path : (catalog.tools.get(hit.path)?.upstreamName ?? ""),
    );
  };
}

async function timed(
  set: LabelledSet,
  ask: (query: string) => Promise<readonly string[]>,
): Promise<{ readonly measured: readonly QueryFigures[]; readonly ms: string }> {
  await ask(set.queries[0]?.query ?? "");
  const started = performance.now();
  const measured = await measureRanking(set, ask);
  return { measured, ms: ((performance.now() - started) / measured.length).toFixed(2) };
}

async function printAnswerTokens(set: LabelledSet, catalog: Catalog): Promise<void> {
  const sources = new Map(catalog.sources.map((source) => [source.name, source]));
  const search = createSearch({
    signature: (tool, options) => {
      const source = sources.get(tool.source);
      return source === undefined
        ? { signature: "", types: [], truncated: true }
        : toolToSignature(tool, source, options);
    },
  });
  const step = Math.ceil(set.queries.length / 200);
  const tokens: number[] = [];
  for (const [at, { query }] of set.queries.entries()) {
    if (at % step === 0)
      tokens.push(countTokens(searchAnswerToText(await search.search(catalog, { query }))));
  }
  tokens.sort((a, b) => a - b);
  const part = (share: number): number =>
    tokens[Math.min(tokens.length - 1, Math.floor(tokens.length * share))] ?? 0;
  console.log(
    `\nTokens of a default answer (o200k): median ${part(0.5)}, 95th percentile ${part(0.95)}, most ${part(1)}.`,
  );
}

async function printSpeed(): Promise<void> {
  console.log("\n### Speed and size\n");
  console.log(
    "| tools | build | load kept | one source anew | kept | heap | short query p50 / p99 | task p50 / p99 | with text p50 / p99 |",
  );
  console.log("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
  for (const size of [1000, 10_000, 50_000]) {
    const row = await measureSpeed(size);
    const times = [row.short, row.long, row.text].map(
      ({ p50, p99 }) => `${p50.toFixed(2)} / ${p99.toFixed(2)} ms`,
    );
    const build = [row.buildMs, row.loadMs, row.oneSourceMs].map((ms) => `${ms.toFixed(0)} ms`);
    const sizes = [row.keptMb, row.heapMb].map((mb) => `${mb.toFixed(1)} MB`);
    console.log(`| ${[size, ...build, ...sizes, ...times].join(" | ")} |`);
  }
}

async function printTask(): Promise<void> {
  const report = await countFullTask();
  const fixed = `definitions ${report.definitionTokens}, overview ${report.overviewTokens}`;
  console.log(`\n### A whole task on the Cloudflare document (${report.operations} operations; ${fixed})\n`);
  console.log("| query | operation | rank | correct first call | answer | call | in all |");
  console.log("| --- | --- | --- | --- | --- | --- | --- |");
  for (const task of report.tasks) {
    const { query, path, rank, correct, answerTokens, callTokens, totalTokens } = task;
    console.log(
      `| ${[query, path, rank, correct ? "yes" : "no", answerTokens, callTokens, totalTokens].join(" | ")} |`,
    );
  }
  console.log(
    `\nNaive tools: ${report.naiveTokens} tokens; with required parameters only: ${report.naiveRequiredTokens}.`,
  );
}

function cells(measured: readonly QueryFigures[]): string {
  return figures.map((figure: Figure) => percent(mean(measured, figure))).join(" | ");
}

function percent(part: number): string {
  return (part * 100).toFixed(1);
}

function signed(part: number): string {
  return `${part >= 0 ? "+" : ""}${percent(part)}`;
}
