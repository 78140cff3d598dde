/**
 * The thread that owns the database: takes operations in order, runs all that are waiting in one
 * transaction, and answers each once the transaction is committed. So many durable commits share one sync.
 */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
import { CodemodeError, toCodemodeError } from "../../errors.ts";
import { migrate } from "./schema.ts";
import { createOperations, type Operation, type Operations } from "./operations.ts";
import { toStoreError } from "./to-store-error.ts";

export interface ThreadRequest {
  readonly id: number;
  readonly operation: Operation;
  readonly args: readonly unknown[];
  readonly durable: boolean;
}

export type ThreadAnswer =
  | { readonly id: number; readonly ok: true; readonly value: unknown; readonly foreignChange: boolean }
  | {
      readonly id: number;
      readonly ok: false;
      readonly error: { readonly code: string; readonly message: string; readonly hint?: string };
    };

const port = parentPort;
if (port === null) throw new Error("journal-thread runs as a worker only");
const send = (answer: ThreadAnswer): void => port.postMessage(answer);

const waiting: ThreadRequest[] = [];
let scheduled = false;
let database: DatabaseSync | undefined;
let operations: Operations | undefined;
let readVersion: StatementSync | undefined;
let seenVersion = 0;
/** What the next transaction waits for; set only when it changes. */
let synchronous = "FULL";

port.on("message", (request: ThreadRequest | "close") => {
  if (request === "close") {
    drain();
    database?.close();
    port.close();
    return;
  }
  waiting.push(request);
  if (scheduled) return;
  scheduled = true;
  setImmediate(drain);
});

/** One transaction for all that waits; when it cannot be committed, every answer of it is the fault. */
function drain(): void {
  scheduled = false;
  const group = waiting.splice(0);
  if (group.length === 0) return;
  const answers: ThreadAnswer[] = [];
  try {
    const opened = open();
    syncAs(opened.database, group.some((each) => each.durable) ? "FULL" : "NORMAL");
    readVersion ??= opened.database.prepare("PRAGMA data_version");
    const { data_version: version } = readVersion.get() as { data_version: number };
    const foreignChange = version !== seenVersion;
    seenVersion = version;
    opened.database.exec("BEGIN IMMEDIATE");
    for (const request of group) answers.push(runOne(opened, request, foreignChange));
    opened.database.exec("COMMIT");
  } catch (error) {
    if (database?.isTransaction === true) database.exec("ROLLBACK");
    const fault = toAnswerError(error);
    for (const { id } of group) send({ id, ok: false, error: fault });
    return;
  }
  for (const answer of answers) send(answer);
}

function syncAs(opened: DatabaseSync, wanted: "FULL" | "NORMAL"): void {
  if (wanted === synchronous) return;
  opened.exec(`PRAGMA synchronous = ${wanted}`);
  synchronous = wanted;
}

function runOne(
  opened: { database: DatabaseSync; operations: Operations },
  { id, operation, args }: ThreadRequest,
  foreignChange: boolean,
): ThreadAnswer {
  opened.database.exec("SAVEPOINT one");
  try {
    const run = opened.operations[operation] as (...args: readonly unknown[]) => unknown;
    const value = run(...args);
    opened.database.exec("RELEASE one");
    return { id, ok: true, value, foreignChange };
  } catch (error) {
    // A fault of the store is everybody's; what is wrong with one request costs nobody else's.
    const isOwn = error instanceof CodemodeError;
    if ((!isOwn && toStoreError(error).code.startsWith("store_")) || !opened.database.isTransaction)
      throw error;
    opened.database.exec("ROLLBACK TO one; RELEASE one");
    return { id, ok: false, error: toAnswerError(error) };
  }
}

/** Opened by the first operation, so that a store that cannot be opened is an answer and not a dead thread. */
function open(): { database: DatabaseSync; operations: Operations } {
  if (database !== undefined && operations !== undefined) return { database, operations };
  const { path, maxPages } = workerData as { readonly path: string; readonly maxPages?: number };
  const opening = new DatabaseSync(path, { enableForeignKeyConstraints: true, timeout: 5_000 });
  try {
    opening.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 1000;");
    if (maxPages !== undefined) opening.exec(`PRAGMA max_page_count = ${Math.floor(maxPages)}`);
    migrate(opening);
  } catch (error) {
    opening.close();
    throw error;
  }
  database = opening;
  operations = createOperations(opening);
  return { database, operations };
}

function toAnswerError(error: unknown): { code: string; message: string; hint?: string } {
  const { code, message, hint } = toStoreError(toCodemodeError(error));
  return { code, message, ...(hint === undefined ? {} : { hint }) };
}
