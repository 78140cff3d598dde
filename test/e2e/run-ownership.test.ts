/**
 * A run belongs to its configuration and its sources, with the built program and real servers: what was asked about under
 * one configuration is never sent by another, and a run is found by its id from any folder.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import * as z from "zod";
import { runDocumentSchema, type RunDocument } from "../../src/spec/run.ts";
import {
  documentOf,
  isolatedEnvironment,
  root,
  runCli,
  startCli,
  untilFinished,
  untilOutput,
  type CliOptions,
  type Finished,
} from "../fixtures/built-cli.ts";

/** Real programs, on a machine that may be busy. */
vi.setConfig({ testTimeout: 180_000 });

const server = join(root, "test/fixtures/mcp/paying-stdio.ts");
const pay = "return await tools.bank.pay({ amount: 7 })";

interface Place {
  readonly folder: string;
  readonly config: string;
  /** Amounts that this bank has taken. */
  readonly payments: () => string[];
}

interface Home {
  readonly env: { [name: string]: string };
  readonly elsewhere: string;
  readonly place: (name: string, more?: object) => Place;
  readonly cli: (args: readonly string[], options?: CliOptions) => Promise<Finished>;
  readonly begin: (
    code: string,
    expected: number,
    config?: readonly string[],
    cwd?: string,
  ) => Promise<RunDocument>;
}

function createHome(): Home {
  const env = isolatedEnvironment();
  const home = env["HOME"] ?? "";
  const elsewhere = join(home, "elsewhere");
  mkdirSync(elsewhere);
  const cli: Home["cli"] = (args, options = {}) => runCli(args, { env, cwd: elsewhere, ...options });
  return {
    env,
    elsewhere,
    cli,
    begin: async (code, expected, config = [], cwd = elsewhere) => {
      const finished = await cli(["run", "-", "--json", ...config], { input: code, cwd });
      expect(finished.code, finished.stderr).toBe(expected);
      return documentOf(finished, runDocumentSchema);
    },
    place: (name, more = {}) => {
      const folder = join(home, name);
      mkdirSync(folder);
      const config = join(folder, "codemode.json");
      writeConfig(config, folder, more);
      const file = join(folder, "payments");
      return {
        folder,
        config,
        payments: () => (existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : []),
      };
    },
  };
}

function writeConfig(file: string, folder: string, more: object): void {
  const bank = { command: process.execPath, args: ["--no-warnings", server, folder] };
  writeFileSync(file, JSON.stringify({ mcpServers: { bank }, ...more }));
}

const errorSchema = z.object({
  error: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }),
});

async function refused(finished: Promise<Finished>): Promise<z.infer<typeof errorSchema>["error"]> {
  const { code, stdout, stderr } = await finished;
  expect(code, stderr).toBe(2);
  return errorSchema.parse(JSON.parse(stdout)).error;
}

async function statusOf(home: Home, runId: string): Promise<string> {
  return documentOf(await home.cli(["show", runId, "--json"]), runDocumentSchema).status;
}

describe("what one configuration was asked about", () => {
  test("is not sent by another of the same store, and then by its own, by the command that was printed", async () => {
    const home = createHome();
    const [production, staging] = [home.place("production"), home.place("staging")];
    const begun = await home.cli(["run", "-", "--config", production.config], { input: pay });
    const [, printed = "", runId = ""] = /Answer with codemode (approve (\S+)) or/.exec(begun.stderr) ?? [];
    for (const command of ["approve", "reject"]) {
      const error = await refused(home.cli([command, runId, "--json", "--config", staging.config]));
      expect(error).toMatchObject({ code: "run_foreign" });
      expect(error.message).toContain(production.folder);
      expect(error.message).toContain(staging.folder);
      expect(error.hint).toContain(production.config);
    }
    expect(await statusOf(home, runId)).toBe("paused");
    // Where another configuration lies.
    const approved = await home.cli([...printed.split(" "), "--json"], { cwd: staging.folder });
    expect(documentOf(approved, runDocumentSchema)).toMatchObject({
      status: "completed",
      result: { receipt: 1 },
    });
    expect([production.payments(), staging.payments()]).toEqual([["7"], []]);
  });

  test("is not ended by an unrelated one", async () => {
    const home = createHome();
    const bank = home.place("bank");
    const unrelated = join(home.elsewhere, "other.json");
    const everything = {
      command: process.execPath,
      args: [join(root, "node_modules/@modelcontextprotocol/server-everything/dist/index.js")],
    };
    writeFileSync(unrelated, JSON.stringify({ mcpServers: { everything } }));
    const { runId } = await home.begin(pay, 3, ["--config", bank.config]);
    for (const args of [
      ["approve", runId],
      ["resume", runId, "--accept-source", "bank"],
    ]) {
      const finished = await home.cli([...args, "--config", unrelated]);
      expect([finished.code, finished.stderr]).toEqual([
        2,
        expect.stringMatching(/no source "bank"|none of that name/),
      ]);
    }
    const all = await home.cli(["approve", "--all", "--config", unrelated]);
    expect([all.code, all.stderr]).toEqual([3, expect.stringContaining("run_foreign")]);
    expect(await statusOf(home, runId)).toBe("paused");
    expect((await home.cli(["approve", runId])).code).toBe(0);
    expect(bank.payments()).toEqual(["7"]);
  });

  test("goes to the new server once a person has said that the change is meant", async () => {
    const home = createHome();
    const [old, moved] = [home.place("old"), home.place("moved")];
    const { runId } = await home.begin(pay, 3, ["--config", old.config]);
    const { hint = "" } = await refused(home.cli(["approve", runId, "--json", "--config", moved.config]));
    expect(hint).toContain(`codemode resume ${runId} --accept-source bank`);
    const accepted = await home.cli([
      "resume",
      runId,
      "--accept-source",
      "bank",
      "--config",
      moved.config,
      "--json",
    ]);
    expect(documentOf(accepted, runDocumentSchema).status).toBe("paused");
    expect((await home.cli(["approve", runId, "--config", moved.config])).code).toBe(0);
    expect([old.payments(), moved.payments()]).toEqual([[], ["7"]]);
  });
});

test("a server adopts no run of another configuration whose server was killed", async () => {
  const home = createHome();
  const [own, other] = [home.place("own"), home.place("other")];
  const { env } = home;
  const code = `await tools.bank.gate({}); ${pay}`;
  const policy = { policy: "allow-all", sources: { bank: { effects: { gate: "read" } } } };
  for (const { config, folder } of [own, other]) writeConfig(config, folder, policy);
  const host = startCli(["run", "-", "--json", "--config", own.config], { env });
  host.stdin.end(code);
  await vi.waitFor(() => expect(existsSync(join(own.folder, "gate"))).toBe(true), { timeout: 60_000 });
  const gone = new Promise((done) => host.once("close", done));
  host.kill("SIGKILL");
  await gone;
  // A dead host's lease runs out by itself; a test does not wait for that.
  const store = new DatabaseSync(join(env["XDG_STATE_HOME"] ?? "", "codemode", "state.db"), {
    timeout: 5_000,
  });
  onTestFinished(() => store.close());
  store.exec("UPDATE runs SET lease_until = 0");
  const stored = (): unknown => store.prepare("SELECT status, fence FROM runs").get();
  const before = stored();
  writeFileSync(join(other.folder, "open"), "");

  const serve = async (config: string, done: (log: string) => void): Promise<void> => {
    const serving = startCli(["serve", "--port", "0", "--config", config], { env });
    let log = "";
    serving.stderr.on("data", (chunk) => (log += String(chunk)));
    const finished = untilFinished(serving);
    await vi.waitFor(() => done(log), { timeout: 60_000, interval: 100 });
    serving.kill("SIGTERM");
    await finished;
  };
  await serve(other.config, (log) =>
    expect(log).toContain("an unfinished run of other sources is left as it is"),
  );
  expect(stored()).toEqual(before);
  expect(other.payments()).toEqual([]);
  writeFileSync(join(own.folder, "open"), "");
  await serve(own.config, () => expect(stored()).toMatchObject({ status: "completed" }));
  expect([own.payments(), other.payments()]).toEqual([["7"], []]);
});

describe("a run is found by its id from any folder", () => {
  const commands: readonly (readonly [string, (runId: string) => string[], number])[] = [
    ["show", (runId) => ["show", runId], 0],
    ["replay", (runId) => ["replay", runId], 0],
    ["resume", (runId) => ["resume", runId], 3],
    ["approve", (runId) => ["approve", runId], 0],
    ["rollback", (runId) => ["rollback", runId], 0],
    ["snippets save", (runId) => ["snippets", "save", "again", "--from", runId, "--description", "Pays."], 0],
  ];

  test("also in a store of its own, and cancelled there", async () => {
    const home = createHome();
    const undo = { bank: { undo: { pay: { tool: "pay", args: { amount: -7 } } } } };
    const ask = {
      path: "bank.pay",
      arguments: { "/amount": { above: 0 } },
      decision: "ask",
      reason: "Pays.",
    };
    const policy = { preset: "allow-all", rules: [ask] };
    const bank = home.place("bank", {
      store: "./runs.db",
      sources: undo,
      policy,
    });
    const { runId } = await home.begin(pay, 3, ["--config", bank.config], bank.folder);
    const other = await home.begin(pay, 3, ["--config", bank.config], bank.folder);
    for (const [name, toArgs, code] of commands) {
      const finished = await home.cli(toArgs(runId));
      expect([name, finished.code, finished.stderr]).toEqual([name, code, expect.any(String)]);
    }
    expect((await home.cli(["cancel", other.runId])).code).toBe(0);
    expect(bank.payments()).toEqual(["7", "-7"]);
    expect(existsSync(join(bank.folder, "runs.db"))).toBe(true);
  });

  test("but what its configuration has become since is agreed to first", async () => {
    const home = createHome();
    const bank = home.place("bank");
    const { runId } = await home.begin(pay, 3, ["--config", bank.config]);
    writeConfig(bank.config, bank.folder, { policy: "allow-all" });
    const error = await refused(home.cli(["approve", runId, "--json"]));
    expect(error).toMatchObject({ code: "config_consent_required" });
    expect(error.hint).toContain(`--config ${bank.config}`);
    expect(bank.payments()).toEqual([]);
    // Nor is what was named once agreed to where it is merely found.
    writeConfig(bank.config, bank.folder, {});
    const found = await refused(home.cli(["runs", "--json"], { cwd: bank.folder }));
    expect(found.code).toBe("config_consent_required");
    rmSync(bank.config);
    const gone = await refused(home.cli(["approve", runId, "--json"]));
    expect(gone).toMatchObject({ code: "config_not_found" });
    expect(gone.message).toContain(bank.config);
  });
});

test("a changed policy takes effect in a running server where it is stricter; the server says what is not in effect", async () => {
  const home = createHome();
  const bank = home.place("bank", { policy: "ask-writes" });
  const serving = startCli(["serve", "--port", "0", "--config", bank.config], { env: home.env });
  let log = "";
  serving.stderr.on("data", (chunk) => (log += String(chunk)));
  const [, url = ""] = /MCP endpoint: (\S+)/.exec(await untilOutput(serving, /MCP endpoint: \S+\s/)) ?? [];
  const client = new Client({ name: "test", version: "1" });
  onTestFinished(() => client.close());
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  const run = async (): Promise<unknown> => {
    const answer = await client.callTool({ name: "execute", arguments: { code: pay } });
    const { status, error } = runDocumentSchema.parse(answer._meta?.["codemode/run"]);
    return error?.code ?? status;
  };
  const change = async (text: string, said: string): Promise<void> => {
    log = "";
    writeFileSync(bank.config, text);
    await vi.waitFor(() => expect(log).toContain(said), { timeout: 20_000, interval: 50 });
  };
  const before = readFileSync(bank.config, "utf8");
  expect(await run()).toBe("paused");
  await change(before.replace("ask-writes", "read-only"), "counts from now on where it is stricter");
  expect(await run()).toBe("call_denied");
  await change("{", "cannot be read: the policy stays what it was");
  expect(await run()).toBe("call_denied");
  await change(before.replace("ask-writes", "allow-all"), "what it loosens counts after a restart");
  expect(await run()).toBe("paused");
  await change(before, "its policy is the one this server began with");
  expect(await run()).toBe("paused");
  expect(bank.payments()).toEqual([]);
});
