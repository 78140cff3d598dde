/**
 * A store with a key: it is a store like any other, its file shows nothing of what was said, sent or received,
 * and nothing in it opens with another key or in another place.
 */
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  createCodemode,
  createFunctionsSource,
  createQuickJsEngine,
  createSqliteJournal,
} from "../../src/index.ts";
import { canary } from "../hostile/canary.ts";
import { aCall, aRun } from "./journal-rows.ts";
import { describeJournal } from "./journal-suite.ts";

const key = Buffer.alloc(32, 7).toString("base64");
const otherKey = Buffer.alloc(32, 8).toString("hex");

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), "codemode-sealed-"));
  onTestFinished(() => rm(made, { recursive: true }));
  return made;
}

describeJournal(
  "sqlite with a key",
  async () => {
    const place = await mkdtemp(join(tmpdir(), "codemode-sealed-"));
    return {
      open: () =>
        Promise.resolve(createSqliteJournal({ path: join(place, "state.db"), pollMs: 20, key: () => key })),
      dispose: () => rm(place, { recursive: true }),
    };
  },
  "larger",
);

/** Everything on disk, also what is only in the write-ahead log yet. */
async function bytesOf(place: string): Promise<string> {
  const files = await readdir(place);
  expect(files.length).toBeGreaterThan(0);
  const texts = await Promise.all(files.map((file) => readFile(join(place, file), "latin1")));
  return texts.join("");
}

function secretSource(): ReturnType<typeof createFunctionsSource> {
  const input = { type: "object" } as const;
  return createFunctionsSource("vault", {
    read: { description: "Reads.", effect: "read", input, run: () => ({ secret: canary.repeat(2_000) }) },
    write: { description: "Writes.", effect: "write", input, run: () => canary },
    fail: {
      description: "Fails.",
      effect: "read",
      input,
      run: () => {
        throw new Error(canary);
      },
    },
  });
}

const code = `const said = "${canary}"; console.log(said);
  const { secret } = await tools.vault.read({ said });
  await tools.vault.fail({ said }).catch(() => {});
  return [secret.slice(0, 100), await tools.vault.write({ said })];`;

it.each([
  ["without a key", undefined, true],
  ["with a key", key, false],
])("shows the canary in its files %s: %s", async (_, given, shown) => {
  const place = await folder();
  const open = (): ReturnType<typeof createCodemode> =>
    createCodemode({
      sources: [secretSource()],
      engine: createQuickJsEngine({ prewarm: 0 }),
      check: "off",
      journal: createSqliteJournal({
        path: join(place, "state.db"),
        ...(given === undefined ? {} : { key: () => given }),
      }),
    });
  const first = open();
  const { document } = await first.execute({ code });
  expect(document).toMatchObject({ status: "paused", pending: [{ args: { said: canary } }] });
  expect((await bytesOf(place)).includes(canary)).toBe(shown);
  await first.close();
  const second = open();
  await second.answer({ runId: document.runId, approve: true, comment: canary });
  const ended = await second.resume({ runId: document.runId });
  expect(ended.document).toMatchObject({ status: "completed", result: [expect.any(String), canary] });
  expect((await bytesOf(place)).includes(canary)).toBe(shown);
  expect((await second.runs())[0]?.title).toContain(canary);
  await second.close();
  expect((await bytesOf(place)).includes(canary)).toBe(shown);
});

describe("the key", () => {
  async function storeWith(written: string | undefined): Promise<string> {
    const path = join(await folder(), "state.db");
    await using journal = createSqliteJournal({
      path,
      ...(written === undefined ? {} : { key: () => written }),
    });
    const lease = await journal.create(aRun({ runId: "run_1" }), "host", 10_000);
    const calls = [
      aCall(1, { args: "[1]", outcome: "+1" }),
      aCall(2, { args: "[2]", outcome: "+2", outcomeHash: "of 2" }),
    ];
    await journal.commit(lease, { calls, status: "completed", outcome: "{}", durable: true });
    return path;
  }

  it.each([
    ["missing", key, undefined, "store_key_missing"],
    ["another one", key, otherKey, "store_key_wrong"],
    ["none at all", key, "a passphrase", "store_key_wrong"],
    ["the same one, with white space", key, ` ${key}\n`, undefined],
    ["new to a store that had none", undefined, key, undefined],
  ])("that is %s", async (_, written, given, error) => {
    const path = await storeWith(written);
    await using journal = createSqliteJournal({ path, ...(given === undefined ? {} : { key: () => given }) });
    const read = (): Promise<unknown>[] => [
      journal.run("local", "run_1"),
      journal.calls("run_1"),
      journal.runs({ principal: "local" }),
    ];
    for (const reading of read())
      if (error === undefined) await reading;
      else await expect(reading).rejects.toMatchObject({ code: error });
  });

  it("that cannot be read lets nothing be written, and is asked for again", async () => {
    const path = join(await folder(), "state.db");
    let locked = true;
    await using journal = createSqliteJournal({
      path,
      key: () => (locked ? Promise.reject(new Error("the keyring is locked")) : key),
    });
    await expect(journal.create(aRun(), "host", 10_000)).rejects.toThrow("the keyring is locked");
    locked = false;
    await journal.create(aRun(), "host", 10_000);
  });

  it.each([
    ["another call's", "UPDATE calls SET outcome = (SELECT outcome FROM calls WHERE seq = 1) WHERE seq = 2"],
    ["another column's", "UPDATE calls SET outcome = args WHERE seq = 2"],
    ["cut", "UPDATE calls SET outcome = substr(outcome, 1, length(outcome) - 8) WHERE seq = 2"],
    [
      "changed",
      "UPDATE calls SET outcome = substr(outcome, 1, 40) || 'AAAA' || substr(outcome, 45) WHERE seq = 2",
    ],
    ["only a mark", "UPDATE calls SET outcome = substr(outcome, 1, 18) WHERE seq = 2"],
  ])("does not open an outcome that is %s", async (_, tampering) => {
    const path = await storeWith(key);
    const database = new DatabaseSync(path);
    database.exec(tampering);
    database.close();
    await using journal = createSqliteJournal({ path, key: () => key });
    await expect(journal.calls("run_1")).rejects.toMatchObject({ code: "store_corrupt" });
  });

  it.each(["sealed:1:00000000:AAAA", "plain:sealed:1:", "plain:", "sealed:1:"])(
    "is not needed for a snippet that says %s",
    async (said) => {
      const path = join(await folder(), "state.db");
      for (const given of [undefined, key]) {
        await using journal = createSqliteJournal({
          path,
          ...(given === undefined ? {} : { key: () => given }),
        });
        const { runId } = await journal.create(aRun({ code: said }), "host", 10_000);
        expect((await journal.run("local", runId))?.code).toBe(said);
      }
    },
  );
});
