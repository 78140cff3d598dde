/**
 * The contract of a workspace store: what runs of one principal leave to later ones. State is JSON by key, saved
 * snippets are programs by name and version, files are bytes by path. One store may serve many hosts and many
 * workspaces; nothing of one is ever seen through another.
 */
import type { FileStore } from "./files.ts";
import type { JsonSchema } from "./value.ts";

/** Whose things they are. */
export interface Workspace {
  readonly principal: string;
  /** `default` unless given. */
  readonly name: string;
}

export interface StateLimits {
  /** Bytes of one value as JSON text. */
  readonly valueBytes: number;
  /** Bytes of one key. */
  readonly keyBytes: number;
  /** Bytes of all keys and values of a workspace. */
  readonly totalBytes: number;
  /** Keys of a workspace. */
  readonly keys: number;
}

export const defaultStateLimits: StateLimits = {
  valueBytes: 256 * 1024,
  keyBytes: 512,
  totalBytes: 8 * 2 ** 20,
  keys: 10_000,
};

export interface StateChange {
  readonly key: string;
  /** JSON text; absent: the key is deleted. */
  readonly value?: string;
  /** What the key must still hold, as JSON text, or `null` for nothing; absent: whatever it holds. */
  readonly expected?: string | null;
}

export interface StateCommit {
  /** A run commits once: a second commit under its id changes nothing. */
  readonly runId: string;
  readonly changes: readonly StateChange[];
  readonly limits: StateLimits;
}

export interface KeySize {
  readonly key: string;
  /** Bytes of the key and of its value's JSON text. */
  readonly bytes: number;
}

export interface StateStore {
  /** The value as JSON text. */
  get(workspace: Workspace, key: string): Promise<string | undefined>;
  /** Every key with its size, in the order of their UTF-16 units. */
  sizes(workspace: Workspace): Promise<readonly KeySize[]>;
  /**
   * All changes in one transaction, on disk when it resolves. Throws `state_conflict` when an expectation does not
   * hold and `state_limit` when the workspace would have too many keys or bytes; nothing is then changed.
   */
  commit(workspace: Workspace, commit: StateCommit): Promise<void>;
}

export interface RequiredTool {
  readonly path: string;
  /** Hash of the tool's definition when the snippet was saved. */
  readonly hash: string;
}

export interface SnippetDraft {
  readonly name: string;
  /** One line. */
  readonly description: string;
  /** TypeScript as its author wrote it. */
  readonly code: string;
  /** What the input must be; absent: anything. */
  readonly input?: JsonSchema;
  /** In the order of their paths. */
  readonly tools: readonly RequiredTool[];
}

export interface SavedSnippet extends SnippetDraft {
  /** Counts from 1. */
  readonly version: number;
  /** SHA-256 (hex) of the draft in canonical JSON. */
  readonly hash: string;
  /** A proposal is kept and shown, and cannot be run until it is accepted. */
  readonly status: "accepted" | "proposed";
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

export type SnippetToSave = SnippetDraft &
  Pick<SavedSnippet, "hash" | "status"> & { readonly version?: number };

export interface SnippetUse {
  /** Runs that used the snippet and have ended. */
  readonly runs: number;
  /** Those of them that completed. */
  readonly completed: number;
  /** Epoch milliseconds of the last one's end. */
  readonly lastUsedAt?: number;
}

export type ListedSnippet = SavedSnippet & { readonly use: SnippetUse };

export interface SnippetStore {
  /**
   * Adds a version, or answers the newest one when it is the same already. On disk when it resolves. The version is
   * the next one, or the one given where that is higher.
   */
  save(workspace: Workspace, draft: SnippetToSave): Promise<SavedSnippet>;
  /** A given version, or the newest of a status; `accepted` unless given. */
  find(
    workspace: Workspace,
    name: string,
    which?: { readonly version: number } | { readonly status: SavedSnippet["status"] },
  ): Promise<SavedSnippet | undefined>;
  /** The newest accepted version of each and proposals newer than it, by name. */
  list(workspace: Workspace): Promise<readonly ListedSnippet[]>;
  /** Makes the proposal with this hash an accepted version, and no other. */
  accept(workspace: Workspace, name: string, hash: string): Promise<SavedSnippet | undefined>;
  /** Every version, or proposals only; whether there was anything. */
  remove(workspace: Workspace, name: string, which: "all" | "proposals"): Promise<boolean>;
  /** A run that used them has ended. */
  used(workspace: Workspace, use: { readonly names: readonly string[]; readonly ok: boolean }): Promise<void>;
}

export interface WorkspaceStore extends AsyncDisposable {
  readonly state: StateStore;
  readonly snippets: SnippetStore;
  readonly files: FileStore;
}
