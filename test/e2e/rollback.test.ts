/** Dry runs and rollbacks through the built program, over a real MCP server. */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { runDocumentSchema } from "../../src/spec/run.ts";
import type { RunDocument } from "../../src/spec/run.ts";
import { documentOf, isolatedEnvironment, quickstart, runCli } from "../fixtures/built-cli.ts";
import type { Finished } from "../fixtures/built-cli.ts";

const undo = {
  memory: {
    undo: { create_entities: { tool: "delete_entities", args: { entityNames: ["/args/entities/0/name"] } } },
  },
};
const write = `
await tools.memory.create_entities({ entities: [{ name: "Ada", entityType: "person", observations: ["programs"] }] });
return (await tools.memory.read_graph({})).entities.length;`;

let env: { [name: string]: string };
let config: string[];

beforeEach(() => {
  env = isolatedEnvironment();
  const file = join(env["HOME"] ?? "", "codemode.json");
  const text = readFileSync(quickstart, "utf8")
    .replace('"allow-all"', `"allow-all", "sources": ${JSON.stringify(undo)}`)
    .replaceAll("../../node_modules", join(dirname(quickstart), "../../node_modules"))
    .replace('"./files"', JSON.stringify(join(dirname(quickstart), "files")));
  writeFileSync(file, text);
  config = ["--config", file];
});

async function cli(code: number, args: readonly string[], input = ""): Promise<RunDocument> {
  const finished: Finished = await runCli([...args, "--json", ...config], { env, input });
  expect(finished.code, finished.stderr).toBe(code);
  return documentOf(finished, runDocumentSchema);
}

const count = "return (await tools.memory.read_graph({})).entities.filter((e) => e.name === 'Ada').length";

test("a dry run lists the write and makes none", async () => {
  const run = await cli(0, ["run", "-", "--dry-run"], write);
  expect(run).toMatchObject({ dryRun: true, writes: [{ path: "memory.create_entities", state: "intent" }] });
  expect(run).not.toHaveProperty("result");
  expect((await cli(0, ["run", "-"], count)).result).toBe(0);
});

test("a rollback calls what the configuration says undoes the write, once", async () => {
  const { runId } = await cli(0, ["run", "-"], write);
  expect((await cli(0, ["run", "-"], count)).result).toBe(1);
  const undone = await cli(0, ["rollback", runId]);
  expect(undone).toMatchObject({
    status: "completed",
    writes: [{ path: "memory.delete_entities", state: "done" }],
  });
  expect((await cli(0, ["rollback", runId])).runId).toBe(undone.runId);
  expect((await cli(0, ["run", "-"], count)).result).toBe(0);
});

test("what nothing undoes fails the rollback, call by call", async () => {
  const relate = `return await tools.memory.create_relations({ relations: [{ from: "a", to: "b", relationType: "knows" }] })`;
  const { runId } = await cli(0, ["run", "-"], relate);
  const failed = await cli(1, ["rollback", runId]);
  expect(failed.error).toMatchObject({ code: "rollback_incomplete" });
  expect(failed.error?.message).toContain("memory.create_relations: nothing is known that undoes it");
});
