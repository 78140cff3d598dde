/**
 * The thread that owns the database of workspaces: takes operations in order, each in a transaction of its own that
 * is on disk before it is answered.
 */
import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
import { toCodemodeError } from "../../errors.ts";
import { createSeal, type Seal } from "../../journal/sealed/create-seal.ts";
import { toStoreError } from "../../journal/sqlite/to-store-error.ts";
import { createDiskBlobs, createMemoryBlobs } from "./blobs.ts";
import { createFileOperations, type FileOperations } from "./file-operations.ts";
import { createSnippetOperations, type SnippetOperations } from "./snippet-operations.ts";
import { createSql } from "./sql.ts";
import { createStateOperations, type StateOperations } from "./state-operations.ts";
import { migrateWorkspace } from "./workspace-schema.ts";

export type WorkspaceOperations = StateOperations &
  SnippetOperations &
  FileOperations & {
    /** What contents of files are sealed with from now on. */
    fileKey(key: string): void;
  };

export interface WorkspaceRequest {
  readonly id: number;
  readonly operation: keyof WorkspaceOperations;
  readonly args: readonly unknown[];
}

export type WorkspaceAnswer =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | {
      readonly id: number;
      readonly ok: false;
      readonly error: {
        readonly code: string;
        readonly message: string;
        readonly hint?: string;
        readonly data?: unknown;
      };
    };

const port = parentPort;
if (port === null) throw new Error("workspace-thread runs as a worker only");
let seal: Seal | undefined;
let opened: { readonly database: DatabaseSync; readonly operations: WorkspaceOperations } | undefined;

port.on("message", (request: WorkspaceRequest | "close") => {
  if (request === "close") {
    opened?.database.close();
    port.close();
    return;
  }
  port.postMessage(answer(request) satisfies WorkspaceAnswer);
});

function answer({ id, operation, args }: WorkspaceRequest): WorkspaceAnswer {
  try {
    const { database, operations } = (opened ??= open());
    database.exec("BEGIN IMMEDIATE");
    try {
      const run = operations[operation] as (...args: readonly unknown[]) => unknown;
      const value = run(...args);
      database.exec("COMMIT");
      return { id, ok: true, value };
    } catch (error) {
      if (database.isTransaction) database.exec("ROLLBACK");
      throw error;
    }
  } catch (error) {
    const { code, message, hint, data } = toStoreError(toCodemodeError(error));
    return {
      id,
      ok: false,
      error: {
        code,
        message,
        ...(hint === undefined ? {} : { hint }),
        ...(data === undefined ? {} : { data }),
      },
    };
  }
}

/** By the first operation, so that a file that cannot be opened is an answer and not a dead thread. */
function open(): NonNullable<typeof opened> {
  const { path, files } = workerData as { readonly path: string; readonly files: string | undefined };
  const database = new DatabaseSync(path, { timeout: 5_000 });
  try {
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
    migrateWorkspace(database);
  } catch (error) {
    database.close();
    throw error;
  }
  const sql = createSql(database);
  const blobs = files === undefined ? createMemoryBlobs() : createDiskBlobs(files, () => seal);
  return {
    database,
    operations: {
      ...createStateOperations(sql),
      ...createSnippetOperations(sql),
      ...createFileOperations(sql, blobs),
      fileKey: (key) => {
        seal = createSeal(key);
      },
    },
  };
}
