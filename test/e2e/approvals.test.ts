import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import * as z from "zod";
import { runDocumentSchema } from "../../src/spec/run.ts";
import { documentOf, isolatedEnvironment, quickstart, runCli } from "../fixtures/built-cli.ts";
import type { Finished } from "../fixtures/built-cli.ts";

const remember = `
await tools.memory.create_entities({ entities: [{ name: "Ada", entityType: "person", observations: ["writes programs"] }] });
const { entities } = await tools.memory.search_nodes({ query: "Ada" });
return entities.length;
`;
const runsSchema = z.strictObject({
  runs: z.array(
    z.looseObject({ runId: z.string(), status: z.string(), startedAt: z.number(), title: z.string() }),
  ),
});

let env: { [name: string]: string };
let config: string[];

/** The quickstart, but a person is asked before writes. */
beforeEach(() => {
  env = isolatedEnvironment();
  const file = join(env["HOME"] ?? "", "codemode.json");
  const text = readFileSync(quickstart, "utf8")
    .replace('"allow-all"', '"ask-writes"')
    .replaceAll("../../node_modules", join(dirname(quickstart), "../../node_modules"))
    .replace('"./files"', JSON.stringify(join(dirname(quickstart), "files")));
  writeFileSync(file, text);
  config = ["--config", file];
});

const cli = (...args: string[]): Promise<Finished> => runCli([...args, "--json", ...config], { env });

async function pause(): Promise<string> {
  const finished = await runCli(["run", "-", "--json", ...config], { env, input: remember });
  expect(finished.code).toBe(3);
  const { runId, status, pending } = documentOf(finished, runDocumentSchema);
  expect(status).toBe("paused");
  expect(pending).toMatchObject([{ kind: "approval", path: "memory.create_entities" }]);
  return runId;
}

test("a run that asks is answered from another process, once", async () => {
  const runId = await pause();
  expect(documentOf(await cli("approvals"), runsSchema).runs).toMatchObject([
    { runId, status: "paused", pending: [{ path: "memory.create_entities" }] },
  ]);
  const waiting = await cli("resume", runId);
  expect(waiting.code).toBe(3);
  const approved = await cli("approve", runId);
  expect(approved.code).toBe(0);
  expect(documentOf(approved, runDocumentSchema)).toMatchObject({ runId, status: "completed", result: 1 });
  const again = await cli("approve", runId);
  expect(again.code).toBe(1);
  expect(again.stderr).toContain("approval_not_pending");
  expect(documentOf(await cli("approvals"), runsSchema).runs).toEqual([]);
  expect(documentOf(await cli("runs"), runsSchema).runs).toMatchObject([{ runId, status: "completed" }]);
  expect(documentOf(await cli("show", runId), runDocumentSchema)).toMatchObject({
    runId,
    status: "completed",
    writes: [{ path: "memory.create_entities", state: "done" }],
  });
});

test("a rejection reaches the snippet with its comment", async () => {
  const runId = await pause();
  const rejected = await cli("reject", runId, "--comment", "not that one");
  expect(rejected.code).toBe(1);
  const document = documentOf(rejected, runDocumentSchema);
  expect(document.error).toMatchObject({
    code: "approval_rejected",
    message: expect.stringContaining("not that one"),
  });
});

test.each([["show"], ["resume"], ["approve"], ["reject"]])(
  "%s of a run that there is not",
  async (command) => {
    const finished = await cli(command, "run_that_is_not");
    expect(finished.code).toBe(1);
    expect(finished.stderr).toContain("run_not_found");
  },
);
