import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  createDemoCodemode,
  demoCatalog,
  demoSources,
  emptyFolder,
  serveDemo,
} from "../../test/fixtures/generate/demo-codemode.ts";
import { runNode, typeCheck } from "../../test/fixtures/generate/run-tool.ts";
import { createCodemode, createQuickJsEngine, createWorkerdEngine } from "../index.ts";
import { bundleModules } from "../modules/bundle-modules.ts";
import { generateFiles } from "./generate-files.ts";
import { writeFiles } from "./write-files.ts";

const program = `
import * as hub from "./servers/hub/index.ts";
import { create_issue } from "./servers/hub/issues/create_issue.ts";
import * as strange from "./servers/strange/index.ts";

const { state } = await create_issue({ title: "From a file", state: "closed" });
const names: { [name: string]: (args?: any) => Promise<any> } = { ...strange };
const answers = await Promise.all(Object.values(names).map(async (call) => (await call()).name));
console.log(JSON.stringify({ state, echo: await hub.issues.echo({ a: [1] }), answers: answers.toSorted() }));
`;

test("a generated tree compiles, and its files call a real server", async () => {
  const codemode = createDemoCodemode();
  const catalog = await codemode.catalog({ fresh: true });
  const folder = await emptyFolder();
  const files = generateFiles("tree", { catalog, name: "tree" });
  await writeFiles({ kind: "tree", files, folder, version: catalog.version });
  await writeFile(join(folder, "main.ts"), program);
  const sources = [...files.keys()].filter((path) => path.endsWith(".ts"));
  const options = ["--module", "nodenext", "--allowImportingTsExtensions"];
  expect(await typeCheck(folder, ["main.ts", ...sources], options)).toBe("");
  const { stdout, stderr } = await runNode(["main.ts"], folder, { CODEMODE_URL: await serveDemo(codemode) });
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toEqual({
    state: "closed",
    echo: { a: [1] },
    answers: ["../../escape", "Index", "__proto__", "a`b", "callTool", "con", "constructor", "then"],
  });
}, 60_000);

test("files stay in their folder, whatever tools are called, and differ where case does not count", async () => {
  const catalog = await demoCatalog();
  const paths = [...generateFiles("tree", { catalog, name: "tree" }).keys()];
  expect(paths.filter((path) => !/^(?:[\w$.-]+\/)*[\w$.-]+$/.test(path) || path.includes(".."))).toEqual([]);
  expect(new Set(paths.map((path) => path.toLowerCase())).size).toBe(paths.length);
  expect(paths).toContain("servers/strange/con_.ts");
  expect(paths).toContain("servers/strange/Index_2.ts");
});

test.each([
  ["workerd", createWorkerdEngine],
  ["quickjs", createQuickJsEngine],
])(
  "snippets on %s import a generated tree, and its files call the snippet's own tools",
  async (_name, engine) => {
    const catalog = await demoCatalog();
    const folder = await emptyFolder();
    const files = generateFiles("tree", { catalog, name: "our-tools" });
    await writeFiles({ kind: "tree", files, folder: join(folder, "node_modules/our-tools"), version: "v" });
    const modules = await bundleModules(["our-tools/servers/hub"], { folder });
    await using codemode = createCodemode({
      sources: demoSources(),
      engine: engine(),
      modules,
      policy: "allow-all",
    });
    const code = `import { issues } from "our-tools/servers/hub";
const { number } = await issues.create_issue({ title: "x" });
return { number, echo: await issues.echo({ deep: [number] }) };`;
    const { document } = await codemode.execute({ code });
    expect(document).toMatchObject({ status: "completed", result: { number: 7, echo: { deep: [7] } } });
    expect(document.calls.map(({ path }) => path)).toEqual(["hub.issues.create_issue", "hub.issues.echo"]);
    const [{ declarations } = { declarations: { text: "" } }] = modules;
    expect(declarations.text).toMatch(/create_issue\(args: \{/);
  },
  60_000,
);
