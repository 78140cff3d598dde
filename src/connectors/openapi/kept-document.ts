/**
 * Keeps compiled documents on disk under the hash of the text they were made from. The folder may be lost or
 * spoilt at any time; then documents are compiled anew.
 */
import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isRecord } from "../../schema/is-record.ts";
import { compiledFormat, type CompiledDocument } from "./compiled-document.ts";

/** The kept form; `undefined` when there is none of this format. */
export async function readKept(folder: string, hash: string): Promise<CompiledDocument | undefined> {
  try {
    return toCompiled(await readFile(fileOf(folder, hash), "utf8"));
  } catch {
    return undefined;
  }
}

/** Whole or not at all. That it could not be written costs time at the next start and nothing else. */
export async function writeKept(folder: string, hash: string, text: string): Promise<void> {
  const partial = join(folder, `${hash}.${randomUUID()}.partial`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(partial, text, { mode: 0o600 });
    await rename(partial, fileOf(folder, hash));
  } catch {
    await rm(partial, { force: true }).catch(() => undefined);
  }
}

/** Throws for what is not JSON; `undefined` for another format. */
export function toCompiled(text: string): CompiledDocument | undefined {
  const parsed: unknown = JSON.parse(text);
  return isCompiled(parsed) ? parsed : undefined;
}

/** The file is this program's own, so that its format number vouches for the rest. */
function isCompiled(value: unknown): value is CompiledDocument {
  return (
    isRecord(value) &&
    value["format"] === compiledFormat &&
    isRecord(value["listing"]) &&
    Array.isArray(value["operations"])
  );
}

function fileOf(folder: string, hash: string): string {
  return join(folder, `${hash}.json`);
}
