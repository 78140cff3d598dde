/** Every program of docs/ai-sdk.md compiles against the sources, and its links lead somewhere. */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";

const root = join(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/ai-sdk.md"), "utf8");
const blocks = [...page.matchAll(/```ts\n(.*?)\n```/gs)].map(([, code = ""]) => code);

/** What the compiler says of the programs, in a folder that finds the installed packages. */
async function compile(programs: readonly string[]): Promise<string> {
  const folder = mkdtempSync(join(root, "node_modules/.docs-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [at, code] of programs.entries()) writeFileSync(join(folder, `block-${at}.ts`), code);
  const source = (file: string): string[] => [join(root, "src", file)];
  const config = {
    extends: join(root, "tsconfig.json"),
    compilerOptions: {
      noUnusedLocals: false,
      typeRoots: [join(root, "node_modules/@types")],
      paths: {
        codemode: source("index.ts"),
        "codemode/ai": source("surfaces/ai-sdk/codemode.ts"),
        "codemode/cloudflare": source("surfaces/cloudflare/create-executor.ts"),
      },
    },
    include: ["*.ts"],
    exclude: [],
  };
  writeFileSync(join(folder, "package.json"), `{"type":"module"}`);
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  const tsc = join(root, "node_modules/.bin/tsc");
  return promisify(execFile)(tsc, ["-p", folder, "--noEmit"]).then(
    ({ stdout }) => stdout,
    ({ stdout }: { readonly stdout: string }) => stdout,
  );
}

/** Errors of the programs alone: the sources have a check of their own. */
const inBlocks = (said: string): string[] => said.split("\n").filter((line) => line.includes("block-"));

describe("docs/ai-sdk.md", () => {
  it("shows programs that compile", async () => {
    expect(blocks.length).toBeGreaterThanOrEqual(4);
    expect(inBlocks(await compile(blocks))).toEqual([]);
  }, 120_000);

  it("would notice one that does not", async () => {
    const wrong = `import { codemode } from "codemode/ai";\nexport const { prompt } = codemode({ tools: { a: 3 } });`;
    expect(inBlocks(await compile([wrong])).length).toBeGreaterThanOrEqual(2);
  }, 120_000);

  it("links to files that exist", () => {
    const links = [...page.matchAll(/\]\((?!https:)([^)#]+)/g)].map(([, path = ""]) => path);
    expect(links.length).toBeGreaterThanOrEqual(2);
    expect(links.filter((path) => !existsSync(join(root, "docs", path)))).toEqual([]);
  });
});
