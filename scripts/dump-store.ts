/**
 * Writes the store of the form that this version makes, with a little in it, as test/fixtures/stores/form-<n>.sql.
 * To be run before a new form is added, so that the tests can open what this version leaves behind.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSqliteJournal } from "../src/journal/sqlite/create-sqlite-journal.ts";
import { newestForm } from "../src/journal/sqlite/schema.ts";
import { dumpDatabase } from "./dump-database.ts";

const folder = await mkdtemp(join(tmpdir(), "codemode-dump-"));
const path = join(folder, "state.db");
await fill();
const target = join(import.meta.dirname, `../test/fixtures/stores/form-${newestForm}.sql`);
await writeFile(target, dumpDatabase(path));
await rm(folder, { recursive: true });
console.log(`${target}: ${(await readFile(target, "utf8")).length} characters`);

async function fill(): Promise<void> {
  await using journal = createSqliteJournal({ path });
  const origin = {
    principal: "local",
    code: "return 1",
    codeHash: "hash",
    catalogVersion: "v",
    policyVersion: "p",
    seed: "seed",
    engine: "workerd",
    limits: "{}",
  };
  const call = { kind: "tool", argsHash: "h", args: "[{}]", labels: [], definition: "d" } as const;
  const first = await journal.create({ ...origin, runId: "run_1", startedAt: 1 }, "host", 1);
  await journal.commit(first, {
    status: "completed",
    outcome: '{"result":1}',
    calls: [
      {
        ...call,
        seq: 1,
        path: "s.read",
        effect: "read",
        decision: "allow",
        reason: "r",
        idempotencyKey: "k",
        state: "done",
        outcome: '+"é"',
        delivered: 1,
        now: 5,
        issuedAt: 3,
        settledAt: 4,
      },
    ],
    durable: true,
  });
  const second = await journal.create({ ...origin, runId: "run_2", startedAt: 2 }, "host", 1);
  await journal.commit(second, {
    status: "paused",
    calls: [{ ...call, seq: 1, path: "s.write", effect: "write", state: "intent", issuedAt: 3 }],
    approvals: [
      {
        runId: "run_2",
        seq: 1,
        kind: "approval",
        path: "s.write",
        argsHash: "h",
        state: "pending",
        askedAt: 4,
        // Open for as long as anybody may run the tests.
        expiresAt: 253_402_300_799_000,
      },
    ],
    durable: true,
  });
}
