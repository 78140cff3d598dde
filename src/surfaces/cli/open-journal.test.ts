import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { loadConfig } from "./config/load-config.ts";
import { openJournal } from "./open-journal.ts";

const key = Buffer.alloc(32, 1).toString("base64");
const origin = {
  runId: "run_1",
  principal: "local",
  code: "the code",
  codeHash: "hash",
  catalogVersion: "v",
  policyVersion: "p",
  seed: "s",
  engine: "workerd",
  limits: "{}",
  startedAt: 1,
};

async function open(config: object): Promise<{ folder: string; open: () => ReturnType<typeof openJournal> }> {
  const folder = await mkdtemp(join(tmpdir(), "codemode-open-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, "codemode.json");
  await writeFile(join(folder, "key"), `${key}\n`);
  await writeFile(file, JSON.stringify({ mcpServers: { s: { command: "none" } }, ...config }));
  const host = { env: { STORE_KEY: key, XDG_STATE_HOME: folder }, platform: "linux", home: folder } as const;
  const loaded = await loadConfig({ flag: file, workingFolder: folder, host });
  return { folder, open: () => openJournal(loaded) };
}

it.each([
  ["a variable", "${env:STORE_KEY}"],
  ["a file", { file: "./key" }],
  ["a command, as a keyring has one", { command: [process.execPath, "-p", JSON.stringify(key)] }],
])("takes the store's key from %s", async (_, reference) => {
  const { folder, open: openIt } = await open({ store: { path: "./state.db", key: reference } });
  const journal = openIt();
  await journal.create(origin, "host", 1_000);
  await journal[Symbol.asyncDispose]();
  expect(await readFile(join(folder, "state.db"), "latin1")).not.toContain(origin.code);
});

it.each([
  ["a variable that is not set", "${env:NOT_THERE}"],
  ["a file that is not there", { file: "./none" }],
  ["a command that fails", { command: [process.execPath, "-e", "process.exit(1)"] }],
])("says so when the key is %s, and writes nothing", async (_, reference) => {
  const { open: openIt } = await open({ store: { path: "./state.db", key: reference } });
  await using journal = openIt();
  await expect(journal.create(origin, "host", 1_000)).rejects.toMatchObject({ code: "store_key_missing" });
  expect(await journal.claim("run_1", "host", 1_000)).toBeUndefined();
});

it.each([
  ["no key", { sources: { s: { sensitive: true } } }, "config_invalid"],
  ["a key", { sources: { s: { sensitive: true } }, store: { key: "${env:STORE_KEY}" } }, undefined],
  ["no file", { sources: { s: { sensitive: true } }, store: ":memory:" }, undefined],
  ["nothing sensitive", { sources: { s: { sensitive: false } } }, undefined],
  ["another kind of store", { store: "postgres://host/db" }, "config_invalid"],
])("of a sensitive source with %s", async (_, config, error) => {
  const { open: openIt } = await open(config);
  if (error === undefined) await openIt()[Symbol.asyncDispose]();
  else expect(openIt).toThrow(expect.objectContaining({ code: error }) as Error);
});
