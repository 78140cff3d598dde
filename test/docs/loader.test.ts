/** Every program of docs/loader.md compiles against the sources, and prints what it says it prints. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { toWorkerLimits } from "../../src/loader/worker-limits.ts";

const root = join(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/loader.md"), "utf8");
const blocks = [...page.matchAll(/```ts\n(.*?)\n```/gs)].map(([, code = ""]) => code);
const run = promisify(execFile);
const sources = { codemode: "src/index.ts", "codemode/loader": "src/loader/create-loader.ts" };

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
  return run(join(root, "node_modules/.bin/tsc"), ["-p", folder, "--noEmit"]).then(
    ({ stdout }) => stdout,
    ({ stdout }: { readonly stdout: string }) => stdout,
  );
}

describe("docs/loader.md", () => {
  it("shows programs that compile", async () => {
    expect(blocks.length).toBeGreaterThan(3);
    expect(await compile(blocks)).toBe("");
  }, 120_000);

  it("would notice one that does not", async () => {
    const wrong = (blocks[0] ?? "").replace("mainModule", "mainModul");
    expect(await compile([wrong])).toContain("mainModul");
  }, 120_000);

  it.each(blocks.map((code) => [/\/\/ (.*)$/.exec(code.trim())?.[1] ?? "", code]))(
    "shows a program that prints %s",
    async (printed, code) => {
      const folder = mkdtempSync(join(tmpdir(), "loader-docs-"));
      onTestFinished(() => rmSync(folder, { recursive: true }));
      const file = join(folder, "block.mts");
      const resolved = code.replaceAll(/from "(codemode[^"]*)"/g, (_, name: keyof typeof sources) => {
        return `from "${pathToFileURL(join(root, sources[name])).href}"`;
      });
      writeFileSync(file, resolved);
      const { stdout } = await run(process.execPath, ["--no-warnings", file], { timeout: 60_000 });
      expect(printed).not.toBe("");
      expect(stdout).toBe(`${printed}\n`);
    },
    90_000,
  );

  it("names every limit with its default", () => {
    const shown = new Map(
      [...page.matchAll(/^\| `(\w+)` +\| ([\d,]+)( MiB| KiB)? +\|/gm)].map(
        ([, name = "", amount = "", unit]) => [
          name,
          Number(amount.replaceAll(",", "")) * (unit === " MiB" ? 2 ** 20 : unit === " KiB" ? 2 ** 10 : 1),
        ],
      ),
    );
    expect(Object.fromEntries(shown)).toEqual(toWorkerLimits());
  });
});
