/**
 * How often the type checker and the argument validator agree: for every tool a few arguments that satisfy
 * its schema and, of each, one broken by type (a required property missing, a value of another type, a
 * misspelt parameter). Run it with
 *
 *     CODEMODE_DATA=<folder with mcp-tools/ and openapi/> node bench/catalog/agreement.ts [--only <name>] [--show 5]
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildSource } from "../../src/catalog/build-catalog.ts";
import { createArgumentsValidator } from "../../src/schema/arguments-validator.ts";
import { isRecord } from "../../src/schema/is-record.ts";
import type { CatalogSource, Tool } from "../../src/spec/tool.ts";
import type { Value } from "../../src/spec/value.ts";
import { catalogToDeclarations } from "../../src/typegen/catalog-to-declarations.ts";
import { documentsIn } from "./documents.ts";
import { listingOf } from "./renderers/codemode.ts";
import { createRandom, type Random, sampleValue } from "./sample-value.ts";

const { values } = parseArgs({
  options: { data: { type: "string" }, only: { type: "string" }, show: { type: "string", default: "0" } },
});
const folder = values.data ?? process.env["CODEMODE_DATA"];
if (folder === undefined) {
  console.error("Say where the data is: --data <folder with mcp-tools/ and openapi/>, or CODEMODE_DATA.");
  process.exit(2);
}

interface Case {
  readonly tool: Tool;
  readonly args: Value;
  readonly isValid: boolean;
  readonly broken: string;
}

const attempts = 8;
const samples = 3;
const tsc = join(import.meta.dirname, "../../node_modules/typescript/bin/tsc");
const totals = { cases: 0, agreed: 0, strict: 0, lax: 0, unsampled: 0 };

for (const document of documentsIn(folder, values.only)) {
  const source = buildSource({ name: document.name, listing: await listingOf(document) });
  const { cases, unsampled } = casesOf(source);
  const refused = refusedLines(source, cases);
  const wrong = cases.filter((one, at) => refused.has(at) === one.isValid);
  const strict = wrong.filter((one) => one.isValid).length;
  console.log(
    `${document.name}: ${cases.length} cases, ${percent(cases.length - wrong.length, cases.length)} agreed; ` +
      `refused by types alone ${strict}, by the validator alone ${wrong.length - strict}; ${unsampled} tools without a sample`,
  );
  for (const one of wrong.slice(0, Number(values.show))) {
    console.log(
      `  ${one.isValid ? "valid" : one.broken}: ${one.tool.path} ${JSON.stringify(one.args)?.slice(0, 300)}`,
    );
    console.log(`    ${refused.get(cases.indexOf(one)) ?? "the types take it"}`);
  }
  totals.cases += cases.length;
  totals.agreed += cases.length - wrong.length;
  totals.strict += strict;
  totals.lax += wrong.length - strict;
  totals.unsampled += unsampled;
}
console.log(
  `In total: ${totals.cases} cases, ${percent(totals.agreed, totals.cases)} agreed; refused by types alone ${totals.strict}, ` +
    `by the validator alone ${totals.lax}; ${totals.unsampled} tools without a sample`,
);

function casesOf(source: CatalogSource): { readonly cases: readonly Case[]; readonly unsampled: number } {
  const cases: Case[] = [];
  let unsampled = 0;
  for (const [at, tool] of source.tools.entries()) {
    const validate = createArgumentsValidator({ input: tool.input, definitions: source.definitions });
    const scope = { root: tool.input, definitions: source.definitions };
    const random = createRandom(at + 1);
    const valid: Value[] = [];
    for (let attempt = 0; attempt < attempts && valid.length < samples; attempt += 1) {
      const args = sampleValue(tool.input, scope, random);
      if (validate(args).length === 0) valid.push(args);
    }
    if (valid.length === 0) unsampled += 1;
    for (const args of valid) {
      cases.push({ tool, args, isValid: true, broken: "" });
      const broken = breakArgs(tool, args, random);
      if (broken !== undefined) cases.push({ tool, ...broken, isValid: validate(broken.args).length === 0 });
    }
  }
  return { cases, unsampled };
}

function breakArgs(
  tool: Tool,
  args: Value,
  random: Random,
): { readonly args: Value; readonly broken: string } | undefined {
  if (!isRecord(args) || !isRecord(tool.input)) return undefined;
  const required: readonly unknown[] = Array.isArray(tool.input["required"]) ? tool.input["required"] : [];
  const names = Object.keys(args);
  const name = names[Math.floor(random() * names.length)];
  const way = Math.floor(random() * 3);
  if (way === 0 && name !== undefined && required.includes(name)) {
    const { [name]: _left, ...rest } = args;
    return { args: rest, broken: `without ${name}` };
  }
  if (way === 1 && name !== undefined)
    return { args: { ...args, [name]: otherType(args[name]) } as Value, broken: `wrong ${name}` };
  const [known = "parameter"] = name === undefined ? Object.keys(propertiesOf(tool)) : [name];
  const { [known]: value = 1, ...others } = args;
  return { args: { ...others, [`${known}x`]: value }, broken: "misspelt parameter" };
}

function propertiesOf(tool: Tool): object {
  return isRecord(tool.input) && isRecord(tool.input["properties"]) ? tool.input["properties"] : {};
}

function otherType(value: unknown): Value {
  return typeof value === "string" ? { not: "text" } : typeof value === "object" ? true : ["no"];
}

/** The lines that the compiler refuses, by number of the case, with its first message. */
function refusedLines(source: CatalogSource, cases: readonly Case[]): ReadonlyMap<number, string> {
  const at = mkdtempSync(join(tmpdir(), "codemode-agreement-"));
  try {
    writeFileSync(join(at, "all.d.ts"), catalogToDeclarations({ sources: [source] }));
    const lines = cases.map(({ tool, args }) => `tools.${tool.path}(${literal(args)});`);
    writeFileSync(join(at, "calls.ts"), `${lines.join("\n")}\nexport {};\n`);
    const options = [
      "--noEmit",
      "--strict",
      "--lib",
      "esnext",
      "--types",
      "",
      "--pretty",
      "false",
      "--module",
      "esnext",
    ];
    const run = spawnSync(process.execPath, [tsc, ...options, "all.d.ts", "calls.ts"], {
      cwd: at,
      encoding: "utf8",
      maxBuffer: 2 ** 30,
    });
    const refused = new Map<number, string>();
    for (const [, line, message] of run.stdout.matchAll(/^calls\.ts\((\d+),\d+\): error (.*)$/gm)) {
      const number = Number(line) - 1;
      if (!refused.has(number)) refused.set(number, (message ?? "").slice(0, 300));
    }
    return refused;
  } finally {
    rmSync(at, { recursive: true, force: true });
  }
}

function literal(value: Value): string {
  return JSON.stringify(value)?.replaceAll('"__proto__":', '["__proto__"]:') ?? "undefined";
}

function percent(part: number, whole: number): string {
  return whole === 0 ? "–" : `${((part / whole) * 100).toFixed(2)}%`;
}
