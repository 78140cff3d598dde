/**
 * A store in which something was changed behind its back: what is read is compared with the hash that was kept of it,
 * so that a changed answer is refused and neither shown, replayed nor continued. Other runs are not affected.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createCodemode,
  createFunctionsSource,
  createQuickJsEngine,
  createSqliteJournal,
  type Codemode,
} from "../../src/index.ts";

const large = "7".repeat(40_000);

describe("a store without a key", () => {
  let folder: string;
  let path: string;
  let codemode: Codemode;
  let other: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "codemode-changed-"));
    path = join(folder, "state.db");
    const input = { type: "object" } as const;
    codemode = createCodemode({
      sources: [
        createFunctionsSource("s", {
          balance: { description: "Reads.", effect: "read", input, run: () => ({ balance: 1234 }) },
          history: { description: "Reads much.", effect: "read", input, run: () => large },
          pay: { description: "Writes.", effect: "write", input, run: () => ({ receipt: 55 }) },
        }),
      ],
      engine: createQuickJsEngine({ prewarm: 0 }),
      check: "off",
      journal: createSqliteJournal({ path }),
    });
    other = await begin();
  });
  afterAll(async () => {
    await codemode.close();
    await rm(folder, { recursive: true });
  });

  const code = `
    const { balance } = await tools.s.balance({ account: 1234 });
    const { length } = await tools.s.history({});
    await tools.s.pay({ amount: balance });
    return balance + length;`;

  async function begin(): Promise<string> {
    return (await codemode.execute({ code })).document.runId;
  }

  it.each([
    ["an answer", "calls", "outcome = replace(outcome, '1234', '1235') WHERE seq = 1"],
    ["arguments", "calls", "args = replace(args, '1234', '1235') WHERE seq = 3"],
    ["what became of a call", "calls", "state = 'done' WHERE seq = 3"],
    ["the order of answers", "calls", "delivered = 9 WHERE seq = 1"],
    ["the program", "runs", "code = replace(code, 'balance + length', 'balance - length')"],
    ["the seed", "runs", "seed = '0'"],
    ["what was answered by a person", "approvals", "state = 'approved'"],
    ["what a person was asked", "approvals", "args_hash = 'other'"],
  ])("refuses a run of which %s was changed", async (_, table, change) => {
    const runId = await begin();
    alter(`UPDATE ${table} SET ${change}${change.includes("WHERE") ? " AND" : " WHERE"} run_id = '${runId}'`);
    await refused(runId);
  });

  it("refuses a result that was changed", async () => {
    const { document } = await codemode.execute({ code: "return (await tools.s.balance({})).balance" });
    alter(`UPDATE runs SET outcome = replace(outcome, '1234', '1235') WHERE run_id = '${document.runId}'`);
    await refused(document.runId);
  });

  it("refuses every run with a large answer that was changed, and none once it is what it was", async () => {
    const { document } = await codemode.execute({ code: "return (await tools.s.history({})).length + 1" });
    const { runId } = document;
    alter("UPDATE contents SET body = substr(body, 1, 100) || '8' || substr(body, 102)");
    for (const read of [() => codemode.show({ runId }), () => codemode.replay({ runId })])
      await expect(read()).rejects.toMatchObject({
        code: "store_corrupt",
        message: expect.stringContaining("the answer of call 1, s.history") as string,
      });
    alter("UPDATE contents SET body = substr(body, 1, 100) || '7' || substr(body, 102)");
    expect(await codemode.show({ runId })).toMatchObject({ status: "completed" });
  });

  function alter(sql: string): void {
    const database = new DatabaseSync(path, { timeout: 5_000 });
    expect(database.prepare(sql).run().changes).toBe(1);
    database.close();
  }

  async function refused(runId: string): Promise<void> {
    const fault = expect.objectContaining({
      code: "store_corrupt",
      message: expect.stringContaining(runId) as string,
    }) as unknown;
    for (const read of [
      () => codemode.show({ runId }),
      () => codemode.replay({ runId }),
      () => codemode.answer({ runId, approve: true }).then(() => codemode.resume({ runId })),
    ])
      await expect(read()).rejects.toEqual(fault);
    expect((await codemode.runs()).map((run) => run.runId)).toContain(runId);
    expect(await codemode.show({ runId: other })).toMatchObject({ status: "paused" });
  }
});
