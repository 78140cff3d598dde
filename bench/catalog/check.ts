/**
 * What the type check costs with some three thousand operations known: the checker's boot, loading the
 * declarations once, and then right and wrong snippets over one or two of the sources. Run it with
 *
 *     CODEMODE_DATA=<folder with openapi/> node bench/catalog/check.ts [checks]
 */
import { loadavg } from "node:os";
import { buildSource } from "../../src/catalog/build-catalog.ts";
import { createChecker } from "../../src/check/create-checker.ts";
import { createOpenApiSource } from "../../src/connectors/openapi/create-openapi-source.ts";
import type { CatalogSource } from "../../src/spec/tool.ts";
import { prelude } from "../../src/typegen/prelude.ts";
import { sourceToDeclarations } from "../../src/typegen/source-to-declarations.ts";
import { documentsIn } from "./documents.ts";

const data = process.env["CODEMODE_DATA"];
if (data === undefined) throw new Error("CODEMODE_DATA names the folder with the documents.");
const checks = Number(process.argv[2] ?? 300);

async function load(name: string): Promise<CatalogSource> {
  const [document] = documentsIn(data ?? "", name).filter(({ kind }) => kind === "openapi");
  if (document === undefined) throw new Error(`There is no ${name} among the documents.`);
  await using source = createOpenApiSource(name, { spec: document.file });
  const listing = await source.list({ signal: new AbortController().signal });
  return buildSource({ name, listing });
}

const sources = await Promise.all(["github", "cloudflare", "jira"].map(load));
const operations = sources.reduce((sum, { tools }) => sum + tools.length, 0);

/** Right and wrong in turn, over tools spread evenly, so that each check is of another text. */
function snippetAt(index: number): string {
  const source = sources[index % sources.length] ?? sources[0];
  const tool = source?.tools[(index * 37) % source.tools.length];
  if (source === undefined || tool === undefined) throw new Error("There is no tool.");
  const path = `tools.${tool.path}`;
  const bodies = [
    `const args = JSON.parse("{}");\nconst answer = await ${path}(args);\nreturn answer;`,
    `const found = [1, 2, 3].map((n) => n * ${index});\nreturn { found, answer: await ${path}(JSON.parse("{}")) };`,
    `return await ${path}x({});`,
    `const answer = ${path}({ nothing: ${index} });\nreturn answer.name;`,
  ];
  return `export default async () => {${bodies[index % bodies.length]}\n}`;
}

const began = performance.now();
await using checker = createChecker({ prelude });
await checker.check({ code: "return 1", declarations: [] });
const boot = performance.now() - began;

const declarations = new Map(sources.map((source) => [source, sourceToDeclarations(source)]));
const loading = performance.now();
await checker.check({ code: "return 1", declarations: [...declarations.values()] });
const loaded = performance.now() - loading;

const passed: number[] = [];
const refused: number[] = [];
for (let index = 0; index < checks; index += 1) {
  const code = snippetAt(index);
  const started = performance.now();
  const found = await checker.check({ code, declarations: [...declarations.values()] });
  const times = found.some(({ severity }) => severity === "error") ? refused : passed;
  times.push(performance.now() - started);
}
const at = (times: readonly number[], share: number): string =>
  `${times.toSorted((a, b) => a - b)[Math.floor(times.length * share)]?.toFixed(1)} ms`;
console.log(
  `load average ${loadavg()[0]?.toFixed(1)}; ${checks} checks, ${refused.length} of them refused\n`,
);
console.log("| what | measured | aim |\n| --- | --- | --- |");
console.log(`| boot to the first answer | ${boot.toFixed(0)} ms | 200 ms |`);
console.log(`| declarations of ${operations} operations, once | ${loaded.toFixed(0)} ms | |`);
const all = [...passed, ...refused];
console.log(`| a check, p50 | ${at(all, 0.5)} | 5 ms |`);
console.log(`| a check, p95 | ${at(all, 0.95)} | 20 ms |`);
console.log(`| of a right program, p50 and p95 | ${at(passed, 0.5)}, ${at(passed, 0.95)} | |`);
console.log(`| of a wrong one, with its hints, p50 and p95 | ${at(refused, 0.5)}, ${at(refused, 0.95)} | |`);
