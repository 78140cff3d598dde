/**
 * The commands with which a person answers, ends and explains, on the built program.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import * as z from "zod";
import { runDocumentSchema, type RunDocument } from "../../src/spec/run.ts";
import {
  documentOf,
  isolatedEnvironment,
  quickstart,
  runCli,
  startCli,
  untilFinished,
} from "../fixtures/built-cli.ts";
import type { Finished } from "../fixtures/built-cli.ts";

const write = (name: string): string =>
  `await tools.memory.create_entities({ entities: [{ name: "${name}", entityType: "person", observations: [] }] });`;
const twice = `${write("Ada")} ${write("Grace")} return 2`;

let env: { [name: string]: string };
let config: string[];

function configure(policy: unknown): void {
  const file = join(env["HOME"] ?? "", "codemode.json");
  const text = readFileSync(quickstart, "utf8")
    .replace('"allow-all"', JSON.stringify(policy))
    .replaceAll("../../node_modules", join(dirname(quickstart), "../../node_modules"))
    .replace('"./files"', JSON.stringify(join(dirname(quickstart), "files")));
  writeFileSync(file, text);
  config = ["--config", file];
}

beforeEach(() => {
  env = isolatedEnvironment();
  configure("ask-writes");
});

const cli = (...args: string[]): Promise<Finished> => runCli([...args, "--json", ...config], { env });

async function run(code: string): Promise<RunDocument> {
  return documentOf(await runCli(["run", "-", "--json", ...config], { env, input: code }), runDocumentSchema);
}

describe("approve", () => {
  it("--for run covers the later calls of the run", async () => {
    const { runId } = await run(twice);
    const finished = await cli("approve", runId, "--for", "run");
    expect(documentOf(finished, runDocumentSchema)).toMatchObject({ status: "completed", result: 2 });
  });

  it("--for a time covers what --match says, in other runs too", async () => {
    const { runId } = await run(`${write("Ada")} return 1`);
    const match = { "/entities/0/name": { matches: "A*" } };
    await cli("approve", runId, "--for", "2h", "--match", JSON.stringify(match));
    expect((await run(`${write("Alan")} return 1`)).status).toBe("completed");
    expect((await run(`${write("Grace")} return 1`)).status).toBe("paused");
  });

  it("--all answers every run that waits", async () => {
    await run(`${write("Ada")} return 1`);
    await run(`${write("Grace")} return 2`);
    const finished = await runCli(["approve", "--all", ...config], { env });
    expect(finished.code).toBe(0);
    const again = await runCli(["approve", "--all", ...config], { env });
    expect([again.code, again.stderr]).toEqual([0, "Nothing waits for an answer.\n"]);
  });

  it.each([
    ["no run", []],
    ["a run and all", ["run_1", "--all"]],
    ["a time that is none", ["run_1", "--for", "soon"]],
    ["a pattern of nothing", ["run_1", "--match", "{}"]],
    ["a pattern that is no JSON", ["run_1", "--for", "run", "--match", "{"]],
  ])("makes no sense with %s", async (_, args) => {
    const finished = await cli("approve", ...args);
    expect([finished.code, finished.stderr]).toEqual([2, expect.stringContaining("usage")]);
  });
});

describe("a run is ended", () => {
  it("by reject --stop, as rejected", async () => {
    const { runId } = await run(`try { ${write("Ada")} } catch { return "went on" }`);
    const finished = await cli("reject", runId, "--stop", "--comment", "not today");
    expect(finished.code).toBe(1);
    expect(documentOf(finished, runDocumentSchema)).toMatchObject({
      status: "rejected",
      error: { code: "approval_rejected", message: expect.stringContaining("not today") as string },
    });
  });

  it("by cancel, also while another program runs it", async () => {
    const child = startCli(["run", "-", "--json", ...config], { env });
    const finished = untilFinished(child);
    child.stdin.end(
      "for (;;) { await tools.memory.read_graph({}); await new Promise((r) => setTimeout(r, 50)) }",
    );
    const runsSchema = z.looseObject({
      runs: z.array(z.looseObject({ runId: z.string(), status: z.string() })),
    });
    const running = async (): Promise<string | undefined> =>
      documentOf(await cli("runs"), runsSchema).runs.find(
        ({ status }) => status === "running" || status === "queued",
      )?.runId;
    await expect.poll(running, { timeout: 20_000, interval: 300 }).toBeDefined();
    const cancelled = await cli("cancel", (await running()) ?? "");
    expect(cancelled.code).toBe(0);
    expect(documentOf(cancelled, runDocumentSchema).status).toBe("cancelled");
    const ended = await finished;
    expect(ended.code).toBe(1);
    expect(documentOf(ended, runDocumentSchema)).toMatchObject({
      status: "cancelled",
      error: { code: "run_cancelled" },
    });
  });
});

describe("policy test", () => {
  const answer = z.looseObject({
    decision: z.string(),
    rule: z.int().optional(),
    because: z.string(),
    reason: z.string(),
    passedOver: z.array(z.looseObject({ rule: z.int(), field: z.string() })),
  });
  const ask = async (...args: string[]): Promise<z.infer<typeof answer>> =>
    documentOf(await cli("policy", "test", ...args), answer);

  it("names the rule that decides, and why the others did not", async () => {
    const rules = [
      { decision: "deny", effect: "destructive", reason: "Never delete." },
      { decision: "deny", effect: "write", after: { calls: 20, effect: "write" } },
      { decision: "ask", path: "pay.*", arguments: { "/amount": { above: 100 } } },
      { decision: "allow", principal: "ada", time: { from: "09:00", to: "17:00" } },
    ];
    configure({ preset: "read-only", rules });
    expect(await ask("pay.purge", "--effect", "destructive")).toMatchObject({
      rule: 1,
      reason: "Never delete.",
    });
    const pay = ["pay.send", "--effect", "write"];
    expect(await ask(...pay, "--made", "20")).toMatchObject({ decision: "deny", rule: 2 });
    expect(await ask(...pay, "--made", "19", "--args", '{"amount":101}')).toMatchObject({
      decision: "ask",
      rule: 3,
      because: "ask when path is pay.* and argument /amount above 100",
    });
    const ada = [...pay, "--args", '{"amount":100}', "--principal", "ada", "--at"];
    expect(await ask(...ada, "2026-11-18T16:59:59Z")).toMatchObject({ decision: "allow", rule: 4 });
    expect(await ask(...ada, "2026-11-18T17:00:00Z")).toMatchObject({
      decision: "deny",
      because: "the preset read-only",
      passedOver: [
        { rule: 1, field: "effect" },
        { rule: 2, field: "after" },
        { rule: 3, field: "arguments" },
        { rule: 4, field: "time" },
      ],
    });
  });

  it("takes the effect from the catalog, and says so of a tool that is not in it", async () => {
    expect(await ask("memory.create_entities")).toMatchObject({
      decision: "ask",
      because: "the preset ask-writes",
    });
    const missing = await cli("policy", "test", "memory.create_entitie");
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain("Did you mean memory.create_entities");
    const shown = await runCli(["policy", "test", "a.b", "--effect", "write", ...config], { env });
    expect(shown.stdout).toContain("ask a.b (write)\n  by the preset ask-writes\n");
  });

  it.each([
    [{ rules: [{ decision: "maybe" }] }, "policy.rules[0].decision"],
    [{ rules: [{ decision: "ask", pahts: "x" }] }, 'Did you mean "path"'],
    [{ rules: [{ decision: "ask", time: { from: "9:00" } }] }, "policy.rules[0].time.from must be a time"],
    [{ rules: [{ decision: "ask", after: { calls: 0 } }] }, "policy.rules[0].after.calls"],
  ])("names the field of the bad rule in %j", async (policy, words) => {
    configure(policy);
    const finished = await cli("policy", "test", "a.b", "--effect", "write");
    expect([finished.code, finished.stderr]).toEqual([2, expect.stringContaining(words)]);
  });

  it.each([
    ["an action that is none", ["policy", "tset", "a.b"]],
    ["arguments that are no JSON", ["policy", "test", "a.b", "--args", "{"]],
    ["a moment that is none", ["policy", "test", "a.b", "--at", "noon"]],
    ["a number of calls that is none", ["policy", "test", "a.b", "--made", "-1"]],
  ])("refuses %s", async (_, args) => {
    const finished = await cli(...args);
    expect([finished.code, finished.stderr]).toEqual([2, expect.stringContaining("usage")]);
  });
});
