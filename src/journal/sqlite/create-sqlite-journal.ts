/**
 * The journal in one SQLite file (WAL), owned by a thread of its own so that no sync of the disk ever holds
 * up the host's event loop. Several hosts may share the file.
 */
import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { Worker } from "node:worker_threads";
import { CodemodeError, type ErrorCode } from "../../errors.ts";
import type { Journal } from "../../spec/journal.ts";
import { createSealedJournal, type ReadKey } from "../sealed/create-sealed-journal.ts";
import { pruneChunk } from "./prune-runs.ts";
import type { Operation, Operations } from "./operations.ts";
import type { ThreadAnswer, ThreadRequest } from "./journal-thread.ts";

export interface SqliteJournalOptions {
  /** A file, made with its folder when missing, or `:memory:`. */
  readonly path: string;
  /** Milliseconds between looks for changes by other hosts while somebody watches. Default 250. */
  readonly pollMs?: number;
  /** Pages of 4 KiB that the file may have; what needs more is refused as `store_full`. Default: no bound but the disk. */
  readonly maxPages?: number;
  /** Reads the key, 32 bytes as base64 or hex, with which what snippets send and receive is encrypted. Default: it is not. */
  readonly key?: ReadKey;
}

/**
 * Every method rejects with `store_full`, `store_locked`, `store_corrupt`, `store_unwritable` or
 * `store_too_new` when the store is at fault, with `store_key_missing` or `store_key_wrong` when its key is;
 * nothing of the batch is then written.
 */
export function createSqliteJournal(options: SqliteJournalOptions): Journal {
  return createSealedJournal(overThread(new JournalThread(options)), options.key);
}

/** As much as a small run takes. */
const probeCharacters = 64 * 1024;

function overThread(thread: JournalThread): Journal {
  return {
    create: (origin, owner, ttlMs) => thread.ask("create", [origin, owner, ttlMs], false),
    claim: (runId, owner, ttlMs) => thread.ask("claim", [runId, owner, ttlMs], true),
    seize: async (runId, owner, ttlMs) => {
      const lease = await thread.ask("seize", [runId, owner, ttlMs], true);
      if (lease !== undefined) thread.tell(runId);
      return lease;
    },
    renew: (lease, ttlMs) => thread.ask("renew", [lease, ttlMs], false),
    release: (lease) => thread.ask("release", [lease], false),
    commit: async (lease, { durable, ...batch }) => {
      await thread.ask("commit", [lease, batch], durable);
      thread.tell(lease.runId);
    },
    run: (principal, runId) => thread.ask("run", [principal, runId], false),
    calls: (runId) => thread.ask("calls", [runId], false),
    callArguments: (runId, seqs) => thread.ask("callArguments", [runId, seqs], false),
    approvals: (runId) => thread.ask("approvals", [runId], false),
    runs: (filter) => thread.ask("runs", [filter], false),
    answer: async (row) => {
      const counted = await thread.ask("answer", [row], true);
      if (counted) thread.tell(row.runId);
      return counted;
    },
    grants: (query) => thread.ask("grants", [query], false),
    revoke: (grant) => thread.ask("revoke", [grant], true),
    unfinished: () => thread.ask("unfinished", [], false),
    watch: (runId, listener) => thread.watch(runId, listener),
    probe: async () => {
      const name = `probe ${randomUUID()}`;
      await thread.ask("write", [name, "x".repeat(probeCharacters)], true);
      await thread.ask("erase", [name], true);
    },
    prune: async (retention, now) => {
      let removed = 0;
      for (;;) {
        const chunk = await thread.ask("prune", [retention, now], false);
        removed += chunk;
        if (chunk < pruneChunk) return removed;
      }
    },
    [Symbol.asyncDispose]: () => thread[Symbol.asyncDispose](),
  };
}

interface Asked {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: CodemodeError) => void;
}

class JournalThread implements AsyncDisposable {
  readonly #worker: Worker;
  readonly #asked = new Map<number, Asked>();
  readonly #watchers = new Map<string, Set<() => void>>();
  readonly #pollMs: number;
  #poll: NodeJS.Timeout | undefined;
  #next = 0;
  #closed: Promise<void> | undefined;

  constructor({ path, pollMs = 250, maxPages }: SqliteJournalOptions) {
    if (path !== ":memory:") mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // The compiled file has another ending than the source, and a URL in a string is not rewritten.
    const extension = import.meta.filename.endsWith(".ts") ? "ts" : "js";
    this.#worker = new Worker(new URL(`./journal-thread.${extension}`, import.meta.url), {
      workerData: { path, maxPages },
      env: {},
      execArgv: ["--no-warnings"],
    });
    this.#worker.unref();
    this.#worker.on("message", (answer: ThreadAnswer) => this.#answered(answer));
    this.#worker.on("error", (error) => this.#fail(error));
    this.#worker.on("exit", () => this.#fail(new Error("its thread has ended")));
    this.#pollMs = pollMs;
  }

  ask<O extends Operation>(
    operation: O,
    args: Parameters<Operations[O]>,
    durable: boolean,
  ): Promise<ReturnType<Operations[O]>> {
    if (this.#closed !== undefined)
      return Promise.reject(new CodemodeError("internal", "The journal is closed."));
    const { promise, resolve, reject } = Promise.withResolvers<ReturnType<Operations[O]>>();
    this.#next += 1;
    this.#asked.set(this.#next, { resolve: resolve as (value: unknown) => void, reject });
    if (this.#asked.size === 1) this.#worker.ref();
    this.#worker.postMessage({ id: this.#next, operation, args, durable } satisfies ThreadRequest);
    return promise;
  }

  tell(runId: string): void {
    for (const listener of this.#watchers.get(runId) ?? []) listener();
  }

  watch(runId: string, listener: () => void): Disposable {
    const listeners = this.#watchers.get(runId) ?? new Set();
    this.#watchers.set(runId, listeners.add(listener));
    // Any question brings the notice that another host has written.
    this.#poll ??= setInterval(
      () => void this.ask("look", [], false).catch(() => undefined),
      this.#pollMs,
    ).unref();
    return {
      [Symbol.dispose]: () => {
        listeners.delete(listener);
        if (listeners.size === 0) this.#watchers.delete(runId);
        if (this.#watchers.size > 0) return;
        clearInterval(this.#poll);
        this.#poll = undefined;
      },
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    clearInterval(this.#poll);
    const exited = new Promise<void>((resolve) => this.#worker.once("exit", () => resolve()));
    this.#worker.ref();
    this.#worker.postMessage("close");
    await exited;
  }

  #answered(answer: ThreadAnswer): void {
    const asked = this.#asked.get(answer.id);
    this.#asked.delete(answer.id);
    if (this.#asked.size === 0) this.#worker.unref();
    if (answer.ok) asked?.resolve(answer.value);
    else
      asked?.reject(
        new CodemodeError(
          answer.error.code as ErrorCode,
          answer.error.message,
          answer.error.hint === undefined ? {} : { hint: answer.error.hint },
        ),
      );
    if (answer.ok && answer.foreignChange) for (const runId of this.#watchers.keys()) this.tell(runId);
  }

  #fail(cause: unknown): void {
    const message = cause instanceof Error ? cause.message : String(cause);
    for (const { reject } of this.#asked.values())
      reject(new CodemodeError("internal", `The journal failed: ${message}`, { cause }));
    this.#asked.clear();
  }
}
