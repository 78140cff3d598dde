/** Every program of docs/mcp-server.md compiles against the sources. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";

const root = join(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/mcp-server.md"), "utf8");
const blocks = [...page.matchAll(/```ts\n(.*?)\n```/gs)].map(([, code = ""]) => code);
const sources = { codemode: "src/index.ts", "codemode/mcp": "src/surfaces/embed/code-mcp-server.ts" };

/** What the compiler says of the programs, in a folder that finds the installed packages. */
async function compile(programs: readonly string[]): Promise<string> {
  const folder = mkdtempSync(join(root, "node_modules/.docs-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [at, code] of programs.entries()) writeFileSync(join(folder, `block-${at}.ts`), code);
  const config = {
    extends: join(root, "tsconfig.json"),
    compilerOptions: {
      typeRoots: [join(root, "node_modules/@types")],
      paths: Object.fromEntries(Object.entries(sources).map(([name, file]) => [name, [join(root, file)]])),
    },
    include: ["*.ts"],
    exclude: [],
  };
  writeFileSync(join(folder, "package.json"), `{"type":"module"}`);
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  const compiler = join(root, "node_modules/.bin/tsc");
  return promisify(execFile)(compiler, ["-p", folder, "--noEmit"]).then(
    ({ stdout }) => stdout,
    ({ stdout }: { readonly stdout: string }) => stdout,
  );
}

it("shows programs that compile", async () => {
  expect(blocks.length).toBeGreaterThan(3);
  expect(await compile(blocks)).toBe("");
}, 120_000);

it("would notice one that does not", async () => {
  const wrong = (blocks[0] ?? "").replace("createServer()", "createSever()");
  expect(await compile([wrong])).toContain("createSever");
}, 120_000);
