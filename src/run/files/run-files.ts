/**
 * The files of a workspace as one run uses them. Reads are answered from the journal when the run is replayed, as all
 * builtins are. A write's intent is on disk before it is made, and it is made under the run's id and its number, so that
 * a host that died in between makes it once.
 */
import { CodemodeError } from "../../errors.ts";
import { matchGlob } from "../../match-glob.ts";
import { nearest } from "../../nearest.ts";
import type { FileEntry, FileLimits, FileStore } from "../../spec/files.ts";
import type { Value } from "../../spec/value.ts";
import type { Workspace } from "../../spec/workspace.ts";
import { PartlyExact } from "../partly-exact.ts";
import { toFileReference } from "./file-arguments.ts";
import { bytesToJson, bytesToText } from "./file-content.ts";
import type { FileCall, FileChangeCall, Range } from "./read-file-call.ts";
import { changeMakingRoom } from "./make-room.ts";
import { searchFiles } from "./search-files.ts";

export interface RunFilesOptions {
  readonly store: FileStore;
  readonly workspace: Workspace;
  readonly runId: string;
  readonly limits: FileLimits;
  /** Bytes of one answer to the snippet. */
  readonly answerBytes: number;
  /** Resolves when the call is on disk, with all that was answered before it. */
  readonly intend: (seq: number) => Promise<void>;
}

export class RunFiles {
  readonly #options: RunFilesOptions;
  #written = 0;
  /** One after the other, so that changes are made in the order in which the snippet asked for them. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: RunFilesOptions) {
    this.#options = options;
  }

  answer(seq: number, call: FileCall): Promise<Value | PartlyExact> {
    const turn = this.#last.then(() => this.#answer(seq, call));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #answer(seq: number, call: FileCall): Promise<Value | PartlyExact> {
    const { store, workspace } = this.#options;
    switch (call.kind) {
      case "readText":
        return this.#readText(call.path, call.range);
      case "readBytes": {
        const { content } = await this.#read(call.path);
        return this.#fit(slice(content, call.range), call.path);
      }
      case "readJson": {
        const { content } = await this.#read(call.path);
        return PartlyExact.unlessExact(bytesToJson(this.#fit(content, call.path), call.path));
      }
      case "ref": {
        const entry = await store.stat(workspace, call.path);
        if (entry === undefined) throw fileNotFound(call.path, await store.list(workspace));
        return toFileReference(entry, call.as);
      }
      case "stat": {
        const entry = await store.stat(workspace, call.path);
        return entry && toInfo(entry);
      }
      case "list":
      case "glob": {
        const fits =
          call.kind === "list"
            ? (path: string) => path.startsWith(call.text)
            : (path: string) => matchGlob(call.text, path);
        return (await store.list(workspace)).filter(({ path }) => fits(path)).map(toInfo);
      }
      case "search": {
        const { hits, truncated } = await searchFiles(call.search, { files: store, workspace });
        return { hits: hits.map((hit) => ({ ...hit })), truncated };
      }
      case "write":
      case "append":
      case "remove":
        return this.#change(seq, call);
    }
  }

  async #readText(path: string, range: Range | undefined): Promise<string> {
    const { content } = await this.#read(path);
    const text = bytesToText(content, path);
    const found = range === undefined ? text : range.unit === "line" ? lines(text, range) : part(text, range);
    if (found.length > this.#options.answerBytes) throw tooLarge(path, found.length);
    return found;
  }

  #fit(content: Uint8Array, path: string): Uint8Array {
    if (content.byteLength <= this.#options.answerBytes) return content;
    throw tooLarge(path, content.byteLength);
  }

  async #read(path: string): Promise<{ readonly content: Uint8Array }> {
    const { store, workspace } = this.#options;
    const found = await store.read(workspace, path);
    if (found === undefined) throw fileNotFound(path, await store.list(workspace));
    return found;
  }

  async #change(seq: number, call: FileChangeCall): Promise<Value> {
    const { store, workspace, runId, limits, intend } = this.#options;
    if (call.kind !== "remove") await this.#count(call.path, call);
    await intend(seq);
    const entry = await changeMakingRoom(store, workspace, {
      id: `${runId}:${seq}`,
      kind: call.kind,
      path: call.path,
      ...(call.kind === "remove" ? {} : { content: call.content }),
      ...(call.kind === "remove" || call.mime === undefined ? {} : { mime: call.mime }),
      runId,
      limits,
    });
    if (call.kind === "remove") return entry !== undefined;
    return entry && toInfo(entry);
  }

  /** A flood of appends to one large file would otherwise write it again and again. */
  async #count(path: string, { kind, content }: { kind: string; content: Uint8Array }): Promise<void> {
    const { store, workspace, limits } = this.#options;
    const before = kind === "append" ? ((await store.stat(workspace, path))?.bytes ?? 0) : 0;
    this.#written += before + content.byteLength;
    if (this.#written <= limits.runBytes) return;
    throw new CodemodeError("file_limit", `A run may write ${limits.runBytes} bytes to files.`, {
      hint: "An append writes the whole file anew: gather what is to be appended, and write it once.",
    });
  }
}

export function fileNotFound(path: string, entries: readonly FileEntry[]): CodemodeError {
  const paths = entries.map((entry) => entry.path);
  const near = nearest(path, paths, 1)[0];
  return new CodemodeError("file_not_found", `There is no file ${JSON.stringify(path.slice(0, 200))}.`, {
    hint:
      near === undefined
        ? "codemode.fs.list() names the files there are."
        : `Did you mean ${JSON.stringify(near)}?`,
  });
}

/** What a snippet is told of a file. */
function toInfo({ path, bytes, mime, modifiedAt }: FileEntry): { [key: string]: Value } {
  return { path, bytes, mime, modifiedAt: new Date(modifiedAt).toISOString() };
}

function slice(content: Uint8Array, range: Range | undefined): Uint8Array {
  return range === undefined ? content : content.slice(range.from, range.from + range.count);
}

function part(text: string, { from, count }: Range): string {
  return text.slice(from, from + count);
}

/** With their line ends, so that parts put together are the whole. */
function lines(text: string, { from, count }: Range): string {
  let start = 0;
  for (let line = 1; line < from; line += 1) {
    const end = text.indexOf("\n", start);
    if (end === -1) return "";
    start = end + 1;
  }
  let end = start;
  for (let taken = 0; taken < count && end < text.length; taken += 1) {
    const next = text.indexOf("\n", end);
    end = next === -1 ? text.length : next + 1;
  }
  return text.slice(start, end);
}

function tooLarge(path: string, size: number): CodemodeError {
  return new CodemodeError(
    "value_too_large",
    `${JSON.stringify(path)} is too large to be read at once (${size}).`,
    { hint: "Read it in parts: codemode.fs.readText(path, { offset, length }), or search it." },
  );
}
