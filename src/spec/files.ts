/**
 * The contract of a workspace's files: bytes under a path, shared by all runs of one principal. A path is only a name;
 * folders are no things of their own. What is kept where on a disk is the store's matter.
 */
import type { Workspace } from "./workspace.ts";

export interface FileLimits {
  /** Bytes of one file. */
  readonly fileBytes: number;
  /** Bytes of all files of a workspace. */
  readonly totalBytes: number;
  /** Files of a workspace. */
  readonly files: number;
  /** Bytes that one run may have written; appending counts the file as a whole. */
  readonly runBytes: number;
}

/** What holds where nothing is said. */
export const defaultFileLimits: FileLimits = {
  fileBytes: 64 * 2 ** 20,
  totalBytes: 512 * 2 ** 20,
  files: 10_000,
  runBytes: 2 ** 30,
};

export interface FileEntry {
  /** Relative, with `/`, in Unicode's composed form. */
  readonly path: string;
  /** SHA-256 (hex) of the content. */
  readonly hash: string;
  readonly bytes: number;
  readonly mime: string;
  /** Epoch milliseconds. */
  readonly modifiedAt: number;
  /** The run that wrote it last; absent: a person. */
  readonly runId?: string;
}

export interface FileChange {
  /** A change under an id that was made already changes nothing and answers what it answered then. */
  readonly id?: string;
  /** As `toFilePath` answers it. */
  readonly path: string;
  readonly kind: "write" | "append" | "remove";
  /** For `write` and `append`. */
  readonly content?: Uint8Array;
  /** Absent: what the path's ending says. An append leaves it as it is. */
  readonly mime?: string;
  readonly runId?: string;
  readonly limits: FileLimits;
}

export interface FileStore {
  /** By path, in the order of their UTF-16 units. */
  list(workspace: Workspace): Promise<readonly FileEntry[]>;
  stat(workspace: Workspace, path: string): Promise<FileEntry | undefined>;
  /** The whole content. Throws `store_corrupt` for content that is gone or is not what was written. */
  read(
    workspace: Workspace,
    path: string,
  ): Promise<{ readonly entry: FileEntry; readonly content: Uint8Array } | undefined>;
  /**
   * All or nothing, on disk when it resolves. The entry as it is now; of what was removed as it was; nothing where there
   * was nothing to remove. Throws `file_limit`; nothing is then changed.
   */
  change(workspace: Workspace, change: FileChange): Promise<FileEntry | undefined>;
}

export interface FilePath {
  readonly path: string;
  /** Default `local`. */
  readonly principal?: string;
}

export interface FileSearch {
  /** Text to find, or a regular expression without look-ahead and back references when `regex` is true. */
  readonly text: string;
  readonly regex?: boolean;
  /** Default: upper and lower case differ. */
  readonly ignoreCase?: boolean;
  /** Paths to look at; `*` is any run of characters. Default: all. */
  readonly glob?: string;
  /** Lines answered, 1 to 1,000. Default 100. */
  readonly limit?: number;
}

export interface FileHit {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** The line, cut to 500 characters around what was found. */
  readonly text: string;
}

export interface FileSearchAnswer {
  readonly hits: readonly FileHit[];
  /** There are more lines than were answered. */
  readonly truncated: boolean;
}

/** Files as the library offers them. Every method throws `file_path_invalid`; those on one file `file_not_found`. */
export interface WorkspaceFiles {
  /** By path; those that fit a glob, where one is given. */
  list(request?: { readonly glob?: string; readonly principal?: string }): Promise<readonly FileEntry[]>;
  stat(request: FilePath): Promise<FileEntry>;
  read(request: FilePath): Promise<{ readonly entry: FileEntry; readonly content: Uint8Array }>;
  /** Throws `file_limit`. */
  write(
    request: FilePath & { readonly content: Uint8Array | string; readonly mime?: string },
  ): Promise<FileEntry>;
  remove(request: FilePath): Promise<FileEntry>;
  search(request: FileSearch & { readonly principal?: string }): Promise<FileSearchAnswer>;
}
