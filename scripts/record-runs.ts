/**
 * Runs the programs of test/fixtures/runs/recorded-programs.ts and writes the store that they leave as
 * test/fixtures/runs/rules-<version>.sql. To be run before the version of the replay rules is raised, so that every
 * later version is shown to replay and continue what this one leaves behind.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createCodemode, createSqliteJournal, createWorkerdEngine } from "../src/index.ts";
import { createRecordedSource, recordedPrograms } from "../test/fixtures/runs/recorded-programs.ts";
import { dumpDatabase } from "./dump-database.ts";

const version = process.argv[2];
if (version === undefined) throw new Error("name the version of the replay rules: record-runs.ts <version>");
const folder = await mkdtemp(join(tmpdir(), "codemode-record-"));
const path = join(folder, "state.db");
await record();
keepQuestionsOpen();
await writeFile(join(import.meta.dirname, `../test/fixtures/runs/rules-${version}.sql`), dumpDatabase(path));
await rm(folder, { recursive: true });

async function record(): Promise<void> {
  await using codemode = createCodemode({
    sources: [createRecordedSource()],
    engine: createWorkerdEngine(),
    journal: createSqliteJournal({ path }),
    check: "off",
  });
  for (const { name, code, status } of recordedPrograms) {
    // The name is how a test finds the program of a run.
    const { document } = await codemode.execute({ code: `// ${name}\n${code}` });
    if (document.status !== status)
      throw new Error(`${name}: ${document.status} ${JSON.stringify(document.error)}`);
    console.log(`${name}: ${status} ${JSON.stringify(document.result)}`);
  }
}

/** For as long as anybody may run the tests. */
function keepQuestionsOpen(): void {
  const database = new DatabaseSync(path);
  database.exec("UPDATE approvals SET expires_at = 253402300799000");
  database.close();
}
