/**
 * A journal as one host has it: before or after any of its statements the host may die, or the store may
 * refuse. What the host was told is on disk is written down.
 */
import { CodemodeError } from "../../../src/errors.ts";
import type { Batch, Journal } from "../../../src/spec/journal.ts";

export type Incident = "die before" | "die after" | "sleep after" | "refuse" | undefined;

export interface FaultyJournalOptions {
  /** Asked at each statement. */
  readonly incident: () => Incident;
  readonly isDead: () => boolean;
  readonly die: () => void;
  /** The host is stopped for longer than its leases last, and told what came of the statement when it wakes. */
  readonly sleep: () => void;
  /** Resolves when the host is awake. */
  readonly awake: () => Promise<void>;
  /** A statement is under way, or no more. */
  readonly busy: (change: 1 | -1) => void;
  /** The host was told that this is on disk. */
  readonly acknowledged: (batch: Batch) => void;
}

const never = (): Promise<never> => new Promise(() => undefined);

export function createFaultyJournal(journal: Journal, options: FaultyJournalOptions): Journal {
  const { incident, isDead, die, sleep, awake, busy, acknowledged } = options;
  async function statement<T>(work: () => Promise<T>): Promise<T> {
    await awake();
    if (isDead()) return never();
    const what = incident();
    if (what === "die before") {
      die();
      return never();
    }
    if (what === "refuse") throw new CodemodeError("store_full", "The store refuses.");
    busy(1);
    const value = await work().finally(() => busy(-1));
    if (what === "die after") die();
    if (what === "sleep after") sleep();
    await awake();
    return isDead() ? never() : value;
  }
  const statements = Object.entries(journal).map(([name, method]) => [
    name,
    (...args: unknown[]) => statement(() => (method as (...given: unknown[]) => Promise<unknown>)(...args)),
  ]);
  return {
    ...(Object.fromEntries(statements) as Journal),
    commit: async (lease, batch) => {
      await statement(() => journal.commit(lease, batch));
      if (batch.durable) acknowledged(batch);
    },
    watch: (...args) => journal.watch(...args),
    [Symbol.asyncDispose]: () => journal[Symbol.asyncDispose](),
  };
}
