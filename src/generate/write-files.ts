/**
 * Writes generated files into a folder, and only over what was generated before: a folder of anybody else, a
 * file that was edited, and a link that leads elsewhere are left alone.
 */
import { createHash } from "node:crypto";
import { lstat, mkdir, readFile, readdir, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CodemodeError } from "../errors.ts";
import { isRecord } from "../schema/is-record.ts";
import type { GeneratedFiles, OutputKind } from "./output.ts";

/** Lists what was written, so that it can be told from what was not. */
export const markerName = ".codemode-generated.json";

export interface WriteRequest {
  readonly kind: OutputKind;
  readonly files: GeneratedFiles;
  /** Absolute. Made where it is missing. */
  readonly folder: string;
  /** The version of the catalog. */
  readonly version: string;
}

export interface Written {
  readonly written: readonly string[];
  readonly removed: readonly string[];
  readonly unchanged: readonly string[];
}

/** Throws `output_refused`, and has then changed nothing. */
export async function writeFiles({ kind, files, folder, version }: WriteRequest): Promise<Written> {
  const before = await ownFiles(folder);
  const removed = [...before.keys()].filter((path) => !files.has(path)).sort();
  const written: string[] = [];
  const unchanged: string[] = [];
  for (const path of [...files.keys(), ...removed]) {
    await refuseLinks(folder, path);
    const text = files.get(path);
    const found = await readText(join(folder, path));
    if (found === text) unchanged.push(path);
    else if (found !== undefined && hashOf(found) !== before.get(path)) throw refused(join(folder, path));
    else if (text !== undefined) written.push(path);
  }
  await refuseLinks(folder, markerName);
  await mkdir(folder, { recursive: true });
  const marker = {
    generated:
      "by codemode generate; what is listed here is overwritten by the next one, unless it was edited",
    kind,
    catalog: version,
    files: Object.fromEntries([...files].map(([path, text]) => [path, hashOf(text)])),
  };
  // First where there is none, so that a folder that was begun and not finished is known as ours.
  if (before.size === 0) await replace(join(folder, markerName), toText(marker));
  for (const path of written) await replace(join(folder, path), files.get(path) ?? "");
  for (const path of removed) await removeFile(folder, path);
  await replace(join(folder, markerName), toText(marker));
  return { written, removed, unchanged };
}

/** Path → hash of what was written before; empty for a folder that is empty or not there. */
async function ownFiles(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw new CodemodeError("output_refused", `${folder} cannot be read as a folder.`, {
      cause: error,
      hint: "Name a new or empty folder.",
    });
  });
  if (entries.length === 0) return new Map();
  const text = await readText(join(folder, markerName));
  const files = text === undefined ? undefined : parseMarker(text);
  if (files !== undefined) return files;
  throw new CodemodeError("output_refused", `${folder} holds files that codemode generate did not write.`, {
    hint: "Name a new or empty folder, or one that was generated before.",
  });
}

function parseMarker(text: string): ReadonlyMap<string, string> | undefined {
  let marker: unknown;
  try {
    marker = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(marker) || !isRecord(marker["files"])) return undefined;
  const files = Object.entries(marker["files"]);
  // A marker that names places outside was not written here.
  return files.every(([path]) => isInside(path))
    ? new Map(files.map(([path, hash]) => [path, String(hash)]))
    : undefined;
}

function isInside(path: string): boolean {
  return path
    .split("/")
    .every((part) => part !== "" && part !== "." && part !== ".." && !part.includes("\\"));
}

/** No folder on the way to a file, nor the file, may be a link: it would be written elsewhere. */
async function refuseLinks(folder: string, path: string): Promise<void> {
  let at = folder;
  for (const part of path.split("/")) {
    at = join(at, part);
    const found = await lstat(at).catch(() => undefined);
    if (found === undefined) return;
    if (found.isSymbolicLink()) throw refused(at);
  }
}

function refused(place: string): CodemodeError {
  return new CodemodeError("output_refused", `${place} is not as codemode generate wrote it.`, {
    hint: "Move it away, or name another folder.",
  });
}

/** Whole or not at all. */
async function replace(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const beside = `${file}.${process.pid}.tmp`;
  await writeFile(beside, text);
  await rename(beside, file);
}

/** The file, and the folders below `folder` that it leaves empty. */
async function removeFile(folder: string, path: string): Promise<void> {
  await rm(join(folder, path), { force: true });
  const parts = path.split("/").slice(0, -1);
  for (; parts.length > 0; parts.pop()) {
    try {
      await rmdir(join(folder, ...parts));
    } catch {
      return;
    }
  }
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw refused(file);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function toText(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
