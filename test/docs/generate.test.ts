/**
 * Keeps docs/generate.md true: its programs are compiled and run against what is generated of a small catalog and a
 * server over it, its console blocks are run as written, and the commands it names exist.
 */
import { execFile } from "node:child_process";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { expect, test } from "vitest";
import { generateFiles } from "../../src/generate/generate-files.ts";
import { outputKinds } from "../../src/generate/output.ts";
import { writeDeclarations } from "../../src/generate/write-declarations.ts";
import { isolatedEnvironment } from "../fixtures/built-cli.ts";
import {
  createDemoCodemode,
  demoCatalog,
  emptyFolder,
  serveDemo,
} from "../fixtures/generate/demo-codemode.ts";
import { runNode, typeCheck } from "../fixtures/generate/run-tool.ts";

const root = resolve(import.meta.dirname, "../..");
const page = await readFile(join(root, "docs/generate.md"), "utf8");

function blocks(language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))].map(
    (match) => match[1] ?? "",
  );
}

/** What each program prints; the one that prints nothing exports a function. */
const printed = [
  "9 open 1970-01-01T00:00:00.000Z\n",
  "",
  "7\ntool_failed no such repository\n",
  "{ any: 'thing' }\n2\n",
  "7 { a: 1 }\n",
];

test("its programs compile and run", async () => {
  const project = await emptyFolder();
  const catalog = await demoCatalog();
  const place = async (kind: "sdk" | "tree", folder: string): Promise<void> => {
    for (const [path, text] of generateFiles(kind, {
      catalog,
      name: kind === "sdk" ? "our-tools" : "our-files",
    })) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
  };
  await place("tree", project);
  await place("sdk", join(project, "node_modules/our-tools"));
  await writeDeclarations(join(project, "tools.d.ts"), catalog.sources);
  await symlink(root, join(project, "node_modules/codemode"));
  for (const name of ["zod", "@types"])
    await symlink(join(root, "node_modules", name), join(project, "node_modules", name));
  const programs = blocks("ts");
  expect(programs).toHaveLength(printed.length);
  const names = programs.map((_, at) => `program-${at}.ts`);
  for (const [at, name] of names.entries()) await writeFile(join(project, name), programs[at] ?? "");
  const options = [
    "--module",
    "nodenext",
    "--allowImportingTsExtensions",
    "--types",
    "node",
    "--skipLibCheck",
  ];
  expect(await typeCheck(project, names, options)).toBe("");
  const env = { CODEMODE_URL: await serveDemo(createDemoCodemode()) };
  for (const [at, name] of names.entries()) {
    const { stdout, stderr } = await runNode([name], project, env);
    expect(stderr, name).toBe("");
    expect(stdout, name).toBe(printed[at]);
  }
}, 120_000);

const commands = blocks("console").flatMap((block) =>
  block
    .split(/^\$ /m)
    .slice(1)
    .map((part) => ({
      line: part.slice(0, part.indexOf("\n")),
      output: part.slice(part.indexOf("\n") + 1).trim(),
    })),
);

test.each(commands)(
  "$line",
  async ({ line, output }) => {
    const escaped = output.split("…").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    expect(await shell(line)).toMatch(new RegExp(`^${escaped.join("[\\s\\S]*?")}$`));
  },
  60_000,
);

test("its table names everything that can be generated", () => {
  const named = [...page.matchAll(/^\| `codemode generate (\w+)`/gm)].map((match) => match[1]);
  expect(named).toEqual([...outputKinds]);
});

function shell(line: string): Promise<string> {
  const env = { ...isolatedEnvironment(), NO_COLOR: "1" };
  const command = line.replace(/^codemode /, `"${process.execPath}" dist/surfaces/cli/main.js `);
  return new Promise((settle) => {
    execFile("sh", ["-c", `${command} 2>&1`], { cwd: root, env, timeout: 60_000 }, (_error, stdout) =>
      settle(stdout.trim()),
    );
  });
}
