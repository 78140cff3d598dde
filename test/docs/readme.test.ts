/**
 * Keeps the README true: its console blocks are run as written, its TypeScript is compiled and its files are
 * there. In a console block `…` stands for anything.
 */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const readme = readFileSync(join(root, "README.md"), "utf8");
const home = mkdtempSync(join(tmpdir(), "codemode-readme-"));
afterAll(() => rmSync(home, { recursive: true }));

interface Command {
  readonly line: string;
  readonly output: string;
}

const commands: Command[] = blocks("console").flatMap((block) =>
  block
    .split(/^\$ /m)
    .slice(1)
    .map((part) => ({
      line: part.slice(0, part.indexOf("\n")),
      output: part.slice(part.indexOf("\n") + 1).trim(),
    })),
);

function blocks(language: string): string[] {
  return [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))].map(
    (match) => match[1] ?? "",
  );
}

function run(line: string): Promise<string> {
  return new Promise((settle) => {
    const env = {
      ...process.env,
      HOME: home,
      XDG_STATE_HOME: join(home, "state"),
      TMPDIR: home,
      NO_COLOR: "1",
    };
    execFile("sh", ["-c", `${line} 2>&1`], { cwd: root, env, timeout: 60_000 }, (_, stdout) =>
      settle(stdout.trim()),
    );
  });
}

/** Anything where the README says `…`; a line that is only `…` stands for any number of lines. */
function toPattern(output: string): RegExp {
  const escaped = output.split("…").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${escaped.join("[\\s\\S]*?")}$`);
}

describe("the first five minutes", () => {
  it("has a transcript", () => {
    expect(commands.length).toBeGreaterThanOrEqual(6);
  });

  it.each(commands)(
    "$line",
    async ({ line, output }) => {
      expect(await run(line)).toMatch(toPattern(output));
    },
    60_000,
  );
});

describe("what the README shows", () => {
  it("is a snippet that runs", async () => {
    const file = join(home, "readme.snippet.ts");
    writeFileSync(file, blocks("ts")[0] ?? "");
    const output = await run(
      `npm run -s codemode -- run ${file} --json --config examples/quickstart/codemode.json`,
    );
    const json = output.split("\n").find((line) => line.startsWith("{")) ?? "{}";
    expect(JSON.parse(json)).toMatchObject({ status: "completed", result: { Boston: 219.5 } });
  }, 60_000);

  it("is a library example that runs", async () => {
    const file = join(home, "library.ts");
    writeFileSync(
      file,
      (blocks("ts")[1] ?? "").replace('"codemode"', JSON.stringify(join(root, "src/index.ts"))),
    );
    expect(await run(`node --no-warnings ${file}`)).toBe("completed 3");
  }, 60_000);

  it("is a configuration that the product takes", async () => {
    const file = join(home, "codemode.json");
    const config = (blocks("jsonc")[0] ?? "").replaceAll("./stripe.json", join(home, "stripe.json"));
    writeFileSync(file, config);
    const output = await run(
      `GITHUB_TOKEN=x STRIPE_KEY=x npm run -s codemode -- tools --json --config ${file}`,
    );
    expect(output).toContain('"sources"');
    expect(output).not.toMatch(/config_/);
  }, 60_000);

  it.each([...readme.matchAll(/\]\(([^)#:]+)\)/g)].map((match) => match[1] ?? ""))(
    "names a file that exists: %s",
    (path) => {
      expect(existsSync(join(root, path))).toBe(true);
    },
  );
});
