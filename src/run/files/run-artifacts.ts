/**
 * What a run leaves that no text for a model holds: its result and logs where they are too long for their share, and the
 * bytes that tools answered or the program returned. Best effort: a run never fails for want of room.
 */
import { Buffer } from "node:buffer";
import type { GuestCall, LogLine } from "../../spec/engine.ts";
import type { FileEntry, FileLimits, FileStore } from "../../spec/files.ts";
import { printExact } from "../../json/print-exact.ts";
import { restoreIntegers } from "../../json/restore-integers.ts";
import type { RunArtifact } from "../../spec/run.ts";
import type { Value } from "../../spec/value.ts";
import type { Workspace } from "../../spec/workspace.ts";
import { hashBytes } from "../../workspace/files/hash-bytes.ts";
import { mimeToEnding } from "../../workspace/files/path-to-mime.ts";
import { withLabels } from "../render/label-bytes.ts";
import { fitsTokens } from "../render/most-tokens.ts";
import { valueToView } from "../value-to-view.ts";
import { artifactsFolder } from "./file-content.ts";
import { findBytes } from "./find-bytes.ts";
import { changeMakingRoom } from "./make-room.ts";

export interface RunArtifactsOptions {
  readonly store: FileStore;
  readonly workspace: Workspace;
  readonly runId: string;
  readonly limits: FileLimits;
  /** Tokens of the text about the run. */
  readonly tokens: number;
}

/** Files of bytes that one answer, and one run, may leave. */
const mostInAnswer = 16;
const mostInRun = 100;
/** What the result and the logs have for sure of the text, of which they are never cut when they fit it. */
const resultShare = 0.45;
const logsShare = 0.08;

export class RunArtifacts {
  readonly #options: RunArtifactsOptions;
  readonly #folder: string;
  readonly #hashes = new Set<string>();
  #bytes = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: RunArtifactsOptions) {
    this.#options = options;
    this.#folder = `${artifactsFolder}${options.runId}/`;
  }

  /** A call was answered for the first time: keeps the bytes in it. */
  answered({ seq, path }: GuestCall, value: Value): void {
    const name = (path.at(-1) ?? "").replaceAll(/\W/g, "_").slice(0, 60);
    this.#keepBytes(value, `${seq}-${name}`);
  }

  /** The run has ended or pauses. Every file it has left, also in earlier sessions. */
  async end(logs: readonly LogLine[], result?: Value): Promise<readonly RunArtifact[]> {
    this.#keepResult(result);
    const text = logs.map((line) => `${line.text}\n`).join("");
    if (!fitsTokens(text, Math.floor(this.#options.tokens * logsShare)) || withLabels(text) !== text)
      this.#keep("logs.txt", Buffer.from(text), "text/plain");
    await this.#last;
    const { store, workspace } = this.#options;
    const entries = await store.list(workspace).catch(() => []);
    return entries.filter(({ path }) => path.startsWith(this.#folder)).map(toArtifact);
  }

  #keepResult(result: Value): void {
    if (result === undefined) return;
    this.#keepBytes(result, "result");
    const { json, marks } = valueToView(result);
    const text = printExact(restoreIntegers(json, marks.exact)) ?? "";
    const fits = fitsTokens(text, Math.floor(this.#options.tokens * resultShare));
    if (fits && withLabels(text) === text) return;
    if (typeof json === "string" && json.isWellFormed())
      this.#keep("result.txt", Buffer.from(json), "text/plain");
    else this.#keep("result.json", Buffer.from(text), "application/json");
  }

  #keepBytes(value: Value, name: string): void {
    const found = findBytes(value, mostInAnswer);
    for (const [at, { bytes, mime }] of found.entries()) {
      const hash = hashBytes(bytes);
      const most = this.#options.limits.totalBytes / 4;
      if (this.#hashes.has(hash) || this.#hashes.size >= mostInRun) continue;
      if (this.#bytes + bytes.byteLength > most) continue;
      this.#hashes.add(hash);
      this.#bytes += bytes.byteLength;
      this.#keep(`${name}${at === 0 ? "" : `-${at + 1}`}.${mimeToEnding(mime)}`, bytes, mime);
    }
  }

  #keep(name: string, content: Uint8Array, mime: string): void {
    const { store, workspace, runId, limits } = this.#options;
    const path = this.#folder + name;
    this.#last = this.#last
      .then(() => changeMakingRoom(store, workspace, { kind: "write", path, content, mime, runId, limits }))
      .catch(() => undefined);
  }
}

function toArtifact({ path, bytes, mime }: FileEntry): RunArtifact {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const of =
    name === "result.json" || name === "result.txt"
      ? "result"
      : name === "logs.txt"
        ? "logs"
        : mime.startsWith("image/")
          ? "image"
          : "binary";
  return { path, bytes, mime, of };
}
