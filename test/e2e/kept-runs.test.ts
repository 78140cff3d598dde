/**
 * What a person sees of kept runs with the built program: the list with its filters and pages, one run as a timeline,
 * and its replay without any source.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { beforeEach, describe, expect, test } from "vitest";
import * as z from "zod";
import { runDocumentSchema } from "../../src/spec/run.ts";
import { documentOf, isolatedEnvironment, quickstart, runCli, type Finished } from "../fixtures/built-cli.ts";

const runsSchema = z.strictObject({
  runs: z.array(
    z.strictObject({ runId: z.string(), status: z.string(), startedAt: z.number(), title: z.string() }),
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

const cli = (...args: string[]): Promise<Finished> => runCli([...args, ...config], { env });

async function run(code: string, expected: number): Promise<string> {
  const finished = await runCli(["run", "-", "--json", ...config], { env, input: code });
  expect(finished.code, finished.stderr).toBe(expected);
  return documentOf(finished, runDocumentSchema).runId;
}

const echo = 'return await tools.everything.echo({ message: "hello" })';
const asks =
  'await tools.memory.search_nodes({ query: "Ada" }); return await tools.memory.create_entities({ entities: [{ name: "Ada", entityType: "person", observations: [] }] })';

describe("codemode runs", () => {
  test("lists newest first, filters by status, and pages with --limit and --before", async () => {
    const first = await run("return 1", 0);
    const second = await run('throw new Error("no")', 1);
    const third = await run(asks, 3);
    const listed = async (...args: string[]): Promise<string[]> =>
      documentOf(await cli("runs", "--json", ...args), runsSchema).runs.map(({ runId }) => runId);
    expect(await listed()).toEqual([third, second, first]);
    expect(await listed("--status", "failed")).toEqual([second]);
    expect(await listed("--limit", "1")).toEqual([third]);
    expect(await listed("--limit", "1", "--before", third)).toEqual([second]);
    expect(await listed("--before", first)).toEqual([]);
    const text = await cli("runs");
    expect(text.stdout.split("\n")[2]).toMatch(
      new RegExp(`^${first} completed \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d return 1$`),
    );
  }, 120_000);

  test.each([
    [["--limit", "0"], "--limit must be a whole number above 0"],
    [["--limit", "many"], "--limit must be a whole number above 0"],
    [["--status", "lost"], "--status"],
  ])("refuses %j", async (args, message) => {
    const finished = await cli("runs", ...args);
    expect(finished.code).toBe(2);
    expect(finished.stderr).toContain(message);
  });
});

describe("codemode show", () => {
  test("tells what was called, asked, answered, sent and settled, in this order", async () => {
    const runId = await run(asks, 3);
    const waiting = documentOf(await cli("show", runId, "--json"), runDocumentSchema);
    expect(waiting.timeline?.map(({ event }) => event)).toEqual([
      "started",
      "called",
      "settled",
      "called",
      "asked",
      "ended",
    ]);
    expect(waiting.timeline?.at(-1)).toMatchObject({ event: "ended", status: "paused" });
    expect((await cli("approve", runId, "--for", "run")).code).toBe(0);
    const { timeline = [] } = documentOf(await cli("show", runId, "--json"), runDocumentSchema);
    expect(timeline).toMatchObject([
      { event: "started" },
      {
        event: "called",
        seq: 1,
        path: "memory.search_nodes",
        effect: "read",
        decision: "allow",
        args: { text: '{"query":"Ada"}', chars: 15 },
      },
      {
        event: "settled",
        seq: 1,
        state: "done",
        outcome: { text: expect.stringContaining("entities") as string },
      },
      { event: "called", seq: 2, path: "memory.create_entities", effect: "write", decision: "ask" },
      { event: "asked", seq: 2, kind: "approval" },
      { event: "answered", seq: 2, kind: "approval", answer: "approved", covers: "run" },
      { event: "sent", seq: 2 },
      { event: "settled", seq: 2, state: "done" },
      { event: "ended", status: "completed" },
    ]);
    const times = timeline.map(({ at }) => at);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const { stdout } = await cli("show", runId);
    const lines = stdout.split("\n");
    expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}started on /);
    const after = String.raw` *\+[\d.]+ (ms|s|min \d+ s)  `;
    const expected = [
      String.raw`${after}  1  memory\.search_nodes\(\{"query":"Ada"\}\)  read, allowed: `,
      String.raw`${after}  1  done in \d+ ms: `,
      String.raw`${after}  2  memory\.create_entities\(\{"entities":\[.*\]\}\)  write, asks`,
      String.raw`${after}  2  waits for a person, until \d{4}-`,
      String.raw`${after}  2  approved, for the run`,
      String.raw`${after}  2  sent`,
      String.raw`${after}  2  done in `,
      String.raw`${after}completed`,
    ];
    expect(
      lines.slice(1, 9).map((line, index) => new RegExp(`^${expected[index] ?? "$"}`).test(line)),
    ).toEqual(expected.map(() => true));
  }, 120_000);

  test("shows a rejection with the person's words, and no escape sequence of a stranger", async () => {
    const runId = await run(
      `await tools.everything.echo({ message: "\\u001b[31mred\\u001b[2J" }); ${asks}`,
      3,
    );
    await cli("reject", runId, "--comment", "not Ada");
    const { stdout } = await cli("show", runId);
    expect(stdout).toContain("rejected: not Ada");
    expect(stdout).toContain("failed in");
    expect(stdout).not.toContain("\u001B");
  }, 120_000);
});

describe("codemode replay", () => {
  test("gives what the run gave, with no source to be had", async () => {
    const runId = await run(`console.log("seen"); ${echo}`, 0);
    const file = config[1] ?? "";
    writeFileSync(
      file,
      readFileSync(file, "utf8").replaceAll('"command": "node"', '"command": "no-such-program"'),
    );
    const before = documentOf(await cli("show", runId, "--json"), runDocumentSchema);
    const finished = await cli("replay", runId, "--json");
    expect(finished.code, finished.stderr).toBe(0);
    const { result, logs, calls, status } = documentOf(finished, runDocumentSchema);
    expect({ result, logs, calls, status }).toEqual({
      result: before.result,
      logs: before.logs,
      calls: before.calls,
      status: "completed",
    });
    const text = await cli("replay", runId);
    expect(text.stderr).toContain("log: seen");
    expect(text.stdout).toContain("hello");
  }, 120_000);

  test("says where a record and its program differ", async () => {
    const runId = await run(echo, 0);
    const store = new DatabaseSync(join(env["XDG_STATE_HOME"] ?? "", "codemode/state.db"));
    store
      .prepare(
        "UPDATE calls SET digest = NULL, args_hash = 'other', args = '[{\"message\":\"bye\"}]' WHERE run_id = ?",
      )
      .run(runId);
    store.close();
    const finished = await cli("replay", runId);
    expect(finished.code).toBe(1);
    expect(finished.stderr).toContain("run_diverged");
    expect(finished.stderr).toMatch(
      /Call 1 .* everything\.echo\(\{"message":"bye"\}\) then, .*"hello".* now/,
    );
    expect((await cli("replay", "run_none")).stderr).toContain("run_not_found");
  }, 120_000);
});
