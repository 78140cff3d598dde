/**
 * Workspaces in one SQLite file (WAL), owned by a thread of its own so that no sync of the disk ever holds up the
 * host's event loop. The thread starts with the first question; several hosts may share the file.
 */
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { Worker } from "node:worker_threads";
import { CodemodeError, type ErrorCode } from "../../errors.ts";
import type { WorkspaceStore } from "../../spec/workspace.ts";
import type { ReadKey } from "../../journal/sealed/create-sealed-journal.ts";
import type { WorkspaceAnswer, WorkspaceOperations, WorkspaceRequest } from "./workspace-thread.ts";

export interface SqliteWorkspaceOptions {
  /**
   * A file, made with its folder when missing, or `:memory:`. The contents of files are kept in a folder beside it, which
   * has its name with `.files` for `.db`.
   */
  readonly path: string;
  /** Contents of files are encrypted with it: 32 bytes as base64 or hex. Asked when it is first needed. */
  readonly key?: ReadKey;
}

/** Every method rejects with `store_*` when the file is at fault. */
export function createSqliteWorkspace({ path, key }: SqliteWorkspaceOptions): WorkspaceStore {
  const thread = new WorkspaceThread(path);
  let known: Promise<void> | undefined;
  const keyed = async (): Promise<void> => {
    if (key === undefined) return;
    known ??= Promise.resolve(key()).then((text) => thread.ask("fileKey", [text]));
    known.catch(() => (known = undefined));
    await known;
  };
  return {
    state: {
      get: (workspace, key) => thread.ask("stateGet", [workspace, key]),
      sizes: (workspace) => thread.ask("stateSizes", [workspace]),
      commit: (workspace, commit) => thread.ask("stateCommit", [workspace, commit]),
    },
    snippets: {
      save: (workspace, draft) => thread.ask("snippetSave", [workspace, draft]),
      find: (workspace, name, which = { status: "accepted" }) =>
        thread.ask("snippetFind", [workspace, name, which]),
      list: (workspace) => thread.ask("snippetList", [workspace]),
      accept: (workspace, name, hash) => thread.ask("snippetAccept", [workspace, name, hash]),
      remove: (workspace, name, which) => thread.ask("snippetRemove", [workspace, name, which]),
      used: (workspace, use) => thread.ask("snippetUsed", [workspace, use]),
    },
    files: {
      list: (workspace) => thread.ask("fileList", [workspace]),
      stat: (workspace, file) => thread.ask("fileStat", [workspace, file]),
      read: async (workspace, file) => {
        await keyed();
        return thread.ask("fileRead", [workspace, file]);
      },
      change: async (workspace, change) => {
        await keyed();
        const entry = await thread.ask("fileChange", [workspace, change]);
        // The change is made, whatever becomes of what it has replaced: a later one collects it.
        await thread.ask("fileCollect", [workspace]).catch(() => undefined);
        return entry;
      },
    },
    [Symbol.asyncDispose]: () => thread[Symbol.asyncDispose](),
  };
}

function filesFolder(path: string): string | undefined {
  return path === ":memory:" ? undefined : `${path.replace(/\.db$/, "")}.files`;
}

interface Asked {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: CodemodeError) => void;
}

class WorkspaceThread implements AsyncDisposable {
  readonly #path: string;
  readonly #asked = new Map<number, Asked>();
  #worker: Worker | undefined;
  #next = 0;
  #closed: Promise<void> | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  ask<O extends keyof WorkspaceOperations>(
    operation: O,
    args: Parameters<WorkspaceOperations[O]>,
  ): Promise<ReturnType<WorkspaceOperations[O]>> {
    if (this.#closed !== undefined)
      return Promise.reject(new CodemodeError("internal", "The store of workspaces is closed."));
    const { promise, resolve, reject } = Promise.withResolvers<ReturnType<WorkspaceOperations[O]>>();
    const worker = (this.#worker ??= this.#start());
    this.#next += 1;
    this.#asked.set(this.#next, { resolve: resolve as (value: unknown) => void, reject });
    if (this.#asked.size === 1) worker.ref();
    worker.postMessage({ id: this.#next, operation, args } satisfies WorkspaceRequest);
    return promise;
  }

  #start(): Worker {
    if (this.#path !== ":memory:") mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
    // The compiled file has another ending than the source, and a URL in a string is not rewritten.
    const extension = import.meta.filename.endsWith(".ts") ? "ts" : "js";
    const worker = new Worker(new URL(`./workspace-thread.${extension}`, import.meta.url), {
      workerData: { path: this.#path, files: filesFolder(this.#path) },
      env: {},
      execArgv: ["--no-warnings"],
    });
    worker.unref();
    worker.on("message", (answer: WorkspaceAnswer) => this.#answered(answer));
    worker.on("error", (error) => this.#fail(error));
    worker.on("exit", () => this.#fail(new Error("its thread has ended")));
    return worker;
  }

  #answered(answer: WorkspaceAnswer): void {
    const asked = this.#asked.get(answer.id);
    this.#asked.delete(answer.id);
    if (this.#asked.size === 0) this.#worker?.unref();
    if (answer.ok) return asked?.resolve(answer.value);
    const { code, message, hint, data } = answer.error;
    asked?.reject(
      new CodemodeError(code as ErrorCode, message, {
        ...(hint === undefined ? {} : { hint }),
        ...(data === undefined ? {} : { data }),
      }),
    );
  }

  #fail(cause: unknown): void {
    const message = cause instanceof Error ? cause.message : String(cause);
    for (const { reject } of this.#asked.values())
      reject(new CodemodeError("internal", `The store of workspaces failed: ${message}`, { cause }));
    this.#asked.clear();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    const exited = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
    worker.ref();
    worker.postMessage("close");
    await exited;
  }
}
