/**
 * Real API descriptions through the OpenAPI connector: operations covered, reasons for the others, first
 * parse (milliseconds, peak memory of a fresh process), and loading from the kept form. Run it with
 *
 *     CODEMODE_DATA=<folder with openapi/> node bench/catalog/openapi.ts [--names <document>]
 *
 * `--data <folder>` does for the variable; `--names` prints the path of every operation of one document.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createOpenApiSource } from "../../src/connectors/openapi/create-openapi-source.ts";
import { countOperations, documentsIn } from "./documents.ts";

interface Loading {
  readonly ms: number;
  /** Megabytes of resident memory at most, runtime included. */
  readonly peakMb: number;
  readonly tools: number;
  readonly definitions: number;
  readonly issues: readonly {
    readonly kind: string;
    readonly reason: string;
    readonly upstreamName: string;
  }[];
  readonly how: string;
}

const { values } = parseArgs({
  options: {
    data: { type: "string" },
    names: { type: "string" },
    load: { type: "string" },
    cache: { type: "string" },
  },
});

if (values.load !== undefined) console.log(JSON.stringify(await load(values.load, values.cache ?? "")));
else await report();

/** In a process of its own, so that the peak is that of one document. */
async function load(file: string, cacheFolder: string): Promise<Loading> {
  const started = performance.now();
  const source = createOpenApiSource("api", { spec: file, cacheFolder });
  try {
    const { tools, definitions, issues } = await source.list({ signal: new AbortController().signal });
    return {
      ms: performance.now() - started,
      peakMb: process.resourceUsage().maxRSS / 1024,
      tools: tools.length,
      definitions: Object.keys(definitions ?? {}).length,
      issues,
      how: source.status().details?.[1] ?? "",
    };
  } finally {
    await source[Symbol.asyncDispose]();
  }
}

async function report(): Promise<void> {
  const folder = values.data ?? process.env["CODEMODE_DATA"];
  if (folder === undefined) {
    console.error("Say where the data is: --data <folder with openapi/>, or CODEMODE_DATA.");
    process.exit(2);
  }
  const documents = documentsIn(folder).filter(({ kind }) => kind === "openapi");
  if (values.names !== undefined) {
    const document = documents.find(
      ({ name, file }) => name === values.names || file.includes(values.names ?? ""),
    );
    if (document !== undefined) await printNames(document.file);
    return;
  }
  const cache = mkdtempSync(join(tmpdir(), "codemode-openapi-"));
  console.log(
    [
      "document",
      "MB",
      "tools",
      "types",
      "issues",
      "parse ms",
      "peak MB",
      "kept MB",
      "load ms",
      "load peak MB",
    ].join("\t"),
  );
  for (const document of documents) {
    const before = new Set(readdirSync(cache));
    const parsed = inProcess(document.file, cache);
    const kept = readdirSync(cache).find((name) => !before.has(name));
    const loads = [1, 2, 3].map(() => inProcess(document.file, cache));
    const loaded = loads.toSorted((a, b) => a.ms - b.ms)[1] ?? parsed;
    if (!loaded.how.includes("kept")) console.log(`${document.name}: the kept form was not used`);
    const all = countOperations(document);
    console.log(
      [
        document.name,
        megabytes(document.file),
        `${parsed.tools}/${all}`,
        parsed.definitions,
        parsed.issues.length,
        parsed.ms.toFixed(0),
        parsed.peakMb.toFixed(0),
        kept === undefined ? "" : megabytes(join(cache, kept)),
        loaded.ms.toFixed(0),
        loaded.peakMb.toFixed(0),
      ].join("\t"),
    );
    for (const { kind, upstreamName, reason } of parsed.issues)
      console.log(`  ${kind}: ${upstreamName}: ${reason}`);
  }
  rmSync(cache, { recursive: true, force: true });
}

function inProcess(file: string, cache: string): Loading {
  const args = [import.meta.filename, "--load", file, "--cache", cache];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Loading;
}

async function printNames(file: string): Promise<void> {
  const source = createOpenApiSource("api", { spec: file });
  try {
    const { tools } = await source.list({ signal: new AbortController().signal });
    for (const { name, upstreamName } of tools) console.log(`${name.join(".")}\t${upstreamName}`);
  } finally {
    await source[Symbol.asyncDispose]();
  }
}

function megabytes(file: string): string {
  return (statSync(file).size / 1e6).toFixed(1);
}
