import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import {
  createDemoCodemode,
  demoCatalog,
  emptyFolder,
  serveDemo,
} from "../../test/fixtures/generate/demo-codemode.ts";
import { runNode, typeCheck } from "../../test/fixtures/generate/run-tool.ts";
import type { Codemode } from "../spec/codemode.ts";
import { generateFiles } from "./generate-files.ts";
import { outputKinds } from "./output.ts";
import { writeFiles } from "./write-files.ts";

/** The package, installed below the folder that is answered. */
async function install(codemode: Codemode): Promise<string> {
  const project = await emptyFolder();
  const catalog = await codemode.catalog({ fresh: true });
  const folder = join(project, "node_modules/demo-sdk");
  await mkdir(folder, { recursive: true });
  const files = generateFiles("sdk", { catalog, name: "demo-sdk" });
  await writeFiles({ kind: "sdk", files, folder, version: catalog.version });
  await writeFile(join(project, "package.json"), '{ "type": "module" }');
  return project;
}

const program = `
import { CodemodeError, createClient, type hub, type Tools } from "demo-sdk";
const client = createClient({ url: process.argv[2] ?? "", ...(process.argv[3] ? { token: process.argv[3] } : {}) });
const { tools } = client;
const issue = await tools.hub.issues.create_issue({ title: "It breaks", labels: ["bug"] });
const state: "open" | "closed" = issue.state;
const args: Parameters<Tools["hub"]["issues"]["create_issue"]>[0] = { title: "typed" };
const space: hub.Tools | undefined = undefined;
const failure = await tools.hub.fail().catch((error: unknown) => error);
const large = await tools.hub.large().catch((error: unknown) => error);
console.log(JSON.stringify({
  issue, state, args, space,
  nothing: await tools.hub.nothing(),
  own: await tools.strange.__proto___({ ["__proto__"]: "x" }),
  code: failure instanceof CodemodeError ? [failure.code, failure.message] : String(failure),
  large: large instanceof CodemodeError ? large.code : String(large),
  sum: await client.execute("return 1 + 2"),
}));
`;

const wrong = `
import { createClient } from "demo-sdk";
const { tools } = createClient({ url: "" });
await tools.hub.issues.create_issue({ titel: "x" });
await tools.hub.issues.create_isue({ title: "x" });
const n: number = (await tools.hub.issues.create_issue({ title: "x" })).title;
export { n };
`;

test("a generated package compiles and calls a real server", async () => {
  const codemode = createDemoCodemode();
  const project = await install(codemode);
  await writeFile(join(project, "main.ts"), `declare const process: { argv: string[] };\n${program}`);
  await writeFile(join(project, "wrong.ts"), wrong);
  for (const options of [
    ["--module", "nodenext"],
    ["--module", "esnext", "--moduleResolution", "bundler"],
  ])
    expect(await typeCheck(project, ["main.ts"], options)).toBe("");
  const mistakes = (await typeCheck(project, ["wrong.ts"]))
    .split("\n")
    .filter((line) => line.includes("error"));
  expect(mistakes.map((line) => /wrong\.ts\((\d+)/.exec(line)?.[1])).toEqual(["4", "5", "6"]);

  const url = await serveDemo(codemode, "secret-token");
  const { stdout, stderr } = await runNode(["main.ts", url, "secret-token"], project);
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toEqual({
    issue: { number: 7, title: "It breaks", state: "open" },
    state: "open",
    args: { title: "typed" },
    own: { name: "__proto__", keys: ["__proto__"] },
    code: ["tool_failed", "no such repository"],
    large: "value_too_large",
    sum: 3,
  });
  const refused = await runNode(["main.ts", url], project);
  expect(refused.stderr).toContain("server_unreachable");
  expect(refused.stderr).toContain("401");
}, 60_000);

interface Sdk {
  readonly createClient: (options: object) => {
    tools: { hub: { issues: { create_issue(args: object): Promise<unknown> } } };
    resume(runId: string): Promise<unknown>;
    execute(code: string, options?: object): Promise<unknown>;
  };
}

test.each(["a server", "the same process"])(
  "a call that waits for a person is resumed through %s",
  async (where) => {
    const codemode = createDemoCodemode("ask-writes");
    const project = await install(codemode);
    const { createClient }: Sdk = await import(
      pathToFileURL(join(project, "node_modules/demo-sdk/index.js")).href
    );
    const client = createClient(where === "a server" ? { url: await serveDemo(codemode) } : { codemode });
    const paused: unknown = await client.tools.hub.issues
      .create_issue({ title: "a" })
      .catch((error) => error);
    expect(paused).toMatchObject({
      code: "run_paused",
      data: { pending: [{ kind: "approval", path: "hub.issues.create_issue", args: { title: "a" } }] },
    });
    const runId = String(Reflect.get(Object(Reflect.get(Object(paused), "data")), "runId"));
    await codemode.answer({ runId, approve: true });
    expect(await client.resume(runId)).toEqual({ number: 7, title: "a", state: "open" });
  },
);

test("a run that outlasts the server's patience is waited for, and one that is cancelled ends", async () => {
  const codemode = createDemoCodemode();
  const project = await install(codemode);
  const { createClient }: Sdk = await import(
    pathToFileURL(join(project, "node_modules/demo-sdk/index.js")).href
  );
  const client = createClient({ url: await serveDemo(codemode) });
  const slow = "await new Promise((done) => setTimeout(done, 700)); return 'late'";
  expect(await client.execute(slow)).toBe("late");
  await expect(client.execute(slow, { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
    code: "run_cancelled",
  });
});

test("the same catalog makes the same bytes, whatever is made of it", async () => {
  const texts = [await demoCatalog(), await demoCatalog()].map((catalog) =>
    JSON.stringify(outputKinds.map((kind) => [...generateFiles(kind, { catalog, name: "demo" })])),
  );
  expect(texts[0]).toBe(texts[1]);
});
