/**
 * Complete declarations of real MCP servers and HTTP APIs beside those of peers: tools covered, errors under
 * `strict`, milliseconds, tokens (o200k) in all and per tool; and the tokens of this project's budgeted
 * signatures. Run it with
 *
 *     CODEMODE_DATA=<folder with mcp-tools/ and openapi/> node bench/catalog/declarations.ts [--only <name>]
 *
 * `--data <folder>` does for the variable, `--ours` leaves the peers out. Peers: `npm ci` in bench/.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { compileErrors } from "./compile-errors.ts";
import { countOperations, type Document, documentsIn, mcpToolsOf } from "./documents.ts";
import type { Measurement } from "./measure-renderer.ts";
import { renderTogether } from "./renderers/codemode.ts";

const { values } = parseArgs({
  options: { data: { type: "string" }, only: { type: "string" }, ours: { type: "boolean", default: false } },
});
const folder = values.data ?? process.env["CODEMODE_DATA"];
if (folder === undefined) {
  console.error("Say where the data is: --data <folder with mcp-tools/ and openapi/>, or CODEMODE_DATA.");
  process.exit(2);
}
const documents = documentsIn(folder, values.only);
if (documents.length === 0) {
  console.error(`There are no documents in ${folder}/mcp-tools or ${folder}/openapi.`);
  process.exit(2);
}

const peers = values.ours ? [] : ["@cloudflare/codemode", "openapi-typescript", "json-schema-to-typescript"];
const timeoutMs = 300_000;
const script = join(import.meta.dirname, "measure-renderer.ts");

type Result = Measurement | { readonly failed: string } | undefined;

function run(renderer: string, document: Document): Result {
  const args = [script, renderer, document.kind, document.name, document.file];
  const { stdout, stderr, signal, error } = spawnSync(
    process.execPath,
    ["--max-old-space-size=4096", ...args],
    {
      encoding: "utf8",
      maxBuffer: 2 ** 30,
      timeout: timeoutMs,
    },
  );
  if (signal !== null || error !== undefined) return { failed: `killed after ${timeoutMs / 1000} s` };
  const last = stdout.trim().split("\n").at(-1) ?? "";
  if (last === "null") return undefined;
  if (last.startsWith("{")) return JSON.parse(last) as Measurement;
  const reason = /^(?:\w*Error|FATAL ERROR|✘).*$/m.exec(stderr)?.[0] ?? stderr.trim().split("\n")[0];
  return { failed: (reason ?? "").slice(0, 120) };
}

const totals = new Map<string, { tools: number; tokens: number; errors: number; ms: number }>();
const ratios: number[] = [];
const signatures = { mcp: [] as number[], openapi: [] as number[] };
let rawTokens = 0;
let dropped = 0;

console.log(["document", "renderer", "tools", "errors", "ms", "tokens", "per tool", "of raw"].join("\t"));
for (const document of documents) {
  const raw = document.kind === "mcp" ? tokensOfRaw(document) : undefined;
  const all = document.kind === "mcp" ? mcpToolsOf(document).length : countOperations(document);
  rawTokens += raw ?? 0;
  for (const renderer of ["codemode", ...peers]) {
    const result = run(renderer, document);
    if (result === undefined) continue;
    if ("failed" in result) {
      console.log([document.name, renderer, `0/${all}`, result.failed].join("\t"));
      continue;
    }
    const { tools, errors, ms, tokens } = result;
    const share = raw === undefined ? "" : `${((tokens / raw) * 100).toFixed(1)}%`;
    const perTool = (tokens / tools).toFixed(0);
    console.log(
      [document.name, renderer, `${tools}/${all}`, errors, ms.toFixed(0), tokens, perTool, share].join("\t"),
    );
    if (renderer === "codemode") {
      signatures[document.kind].push(...(result.signatures ?? []));
      dropped += result.dropped ?? 0;
      if (raw !== undefined) ratios.push(tokens / raw);
    }
    add(`${renderer} ${document.kind}`, result);
  }
}

console.log("\nIn total");
for (const [name, { tools, tokens, errors, ms }] of totals) {
  const share = name.endsWith(" mcp") ? `, ${((tokens / rawTokens) * 100).toFixed(1)}% of the raw JSON` : "";
  console.log(`${name}: ${tools} tools, ${errors} errors, ${ms.toFixed(0)} ms, ${tokens} tokens${share}`);
}
if (ratios.length > 0) {
  console.log(
    `codemode mcp: ${(median(ratios) * 100).toFixed(1)}% of the raw JSON at the median server, ${dropped} descriptions dropped`,
  );
}
for (const [kind, counts] of Object.entries(signatures)) {
  if (counts.length === 0) continue;
  console.log(
    `codemode ${kind} signatures: p50 ${quantile(counts, 0.5)}, p95 ${quantile(counts, 0.95)}, most ${quantile(counts, 1)} tokens`,
  );
}
const together = await renderTogether(documents);
const { errors, ms, first } = compileErrors({ "all.d.ts": together });
console.log(
  `All as one file with the prelude: ${errors} errors, ${(together.length / 2 ** 20).toFixed(1)} MB, tsc ${ms.toFixed(0)} ms ${first ?? ""}`,
);

function tokensOfRaw(document: Document): number {
  return mcpToolsOf(document).reduce((sum, tool) => sum + encode(JSON.stringify(tool)).length, 0);
}

function add(name: string, { tools, tokens, errors, ms }: Measurement): void {
  const total = totals.get(name) ?? { tools: 0, tokens: 0, errors: 0, ms: 0 };
  totals.set(name, {
    tools: total.tools + tools,
    tokens: total.tokens + tokens,
    errors: total.errors + errors,
    ms: total.ms + ms,
  });
}

function median(numbers: readonly number[]): number {
  return quantile(numbers, 0.5);
}

function quantile(numbers: readonly number[], part: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
}
