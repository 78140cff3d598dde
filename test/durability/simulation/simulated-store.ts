/**
 * A store that can lose its power: what was committed lazily since the last durable commit is gone then, and
 * nothing else. Its journals are the real one over memory, or that of SQLite for a share of the schedules.
 */
import { DatabaseSync } from "node:sqlite";
import { createMemoryJournal, createMemoryStore } from "../../../src/journal/memory/create-memory-journal.ts";
import { createOperations } from "../../../src/journal/sqlite/operations.ts";
import { migrate } from "../../../src/journal/sqlite/schema.ts";
import type { Journal } from "../../../src/spec/journal.ts";

/** Stores that break their word, to show that it is noticed. */
export type Breach = "forgets durable commits" | "forgets intents" | "takes late writes";

export interface SimulatedStore {
  open(): Journal;
  losePower(): void;
}

export function createSimulatedStore(breach?: Breach): SimulatedStore {
  const store = createMemoryStore();
  const copy = (): Map<string, unknown> => structuredClone(store.runs);
  let onDisk = copy();

  function open(): Journal {
    const journal = createMemoryJournal(store);
    const keep = <T>(value: T): T => {
      if (breach !== "forgets durable commits") onDisk = copy();
      return value;
    };
    return {
      ...journal,
      claim: async (...args) => keep(await journal.claim(...args)),
      answer: async (row) => keep(await journal.answer(row)),
      commit: async (lease, batch) => {
        const held = store.runs.get(lease.runId);
        if (breach === "takes late writes" && held !== undefined) {
          const late = { ...lease, fence: held.fence, owner: held.owner ?? lease.owner };
          held.owner = late.owner;
          await journal.commit(late, batch);
        } else if (breach === "forgets intents") {
          const calls = batch.calls?.filter((call) => call.state !== "started") ?? [];
          await journal.commit(lease, { ...batch, calls });
        } else await journal.commit(lease, batch);
        if (batch.durable) keep(undefined);
      },
    };
  }

  return {
    open,
    losePower: () => {
      store.runs.clear();
      for (const [runId, run] of onDisk) store.runs.set(runId, structuredClone(run) as never);
    },
  };
}

/** The SQLite journal's own operations, each a transaction, in this thread so that time is the simulation's. */
export function createSqliteStore(): SimulatedStore {
  const database = new DatabaseSync(":memory:", { enableForeignKeyConstraints: true });
  migrate(database);
  const operations = createOperations(database);
  const run = async <T>(operation: () => T): Promise<T> => {
    database.exec("BEGIN IMMEDIATE");
    try {
      const value = operation();
      database.exec("COMMIT");
      return value;
    } catch (error) {
      database.exec("ROLLBACK");
      throw error;
    }
  };
  const transactions = Object.entries(operations).map(([name, operation]) => [
    name,
    (...args: unknown[]) => run(() => (operation as (...given: unknown[]) => unknown)(...args)),
  ]);
  const journal: Journal = {
    ...(Object.fromEntries(transactions) as Journal),
    watch: () => ({ [Symbol.dispose]: () => undefined }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  // A process may die over it; what the machine's power takes is modelled over memory.
  return { open: () => journal, losePower: () => undefined };
}
