/**
 * Remembers, for each URL that a description was fetched from, which text it was last and what its server says
 * to ask "has it changed?" with. The folder may be lost or spoilt at any time; then it is fetched whole.
 */
import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isRecord } from "../../schema/is-record.ts";

export interface FetchedRecord {
  /** The hash its compiled form is kept under. */
  readonly hash: string;
  /** Where it came from in the end. */
  readonly url: string;
  /** Epoch milliseconds of the last answer. */
  readonly fetchedAt: number;
  readonly etag?: string;
  readonly lastModified?: string;
}

export async function readFetched(folder: string, spec: string): Promise<FetchedRecord | undefined> {
  try {
    return toRecord(JSON.parse(await readFile(fileOf(folder, spec), "utf8")));
  } catch {
    return undefined;
  }
}

/** Whole or not at all. That it could not be written costs a download at the next start and nothing else. */
export async function writeFetched(folder: string, spec: string, record: FetchedRecord): Promise<void> {
  const file = fileOf(folder, spec);
  const partial = `${file}.${randomUUID()}.partial`;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(partial, JSON.stringify(record), { mode: 0o600 });
    await rename(partial, file);
  } catch {
    await rm(partial, { force: true }).catch(() => undefined);
  }
}

function toRecord(value: unknown): FetchedRecord | undefined {
  if (!isRecord(value)) return undefined;
  const { hash, url, fetchedAt, etag, lastModified } = value;
  if (typeof hash !== "string" || !/^[0-9a-f]{64}$/.test(hash)) return undefined;
  if (typeof url !== "string" || !URL.canParse(url) || typeof fetchedAt !== "number") return undefined;
  return {
    hash,
    url,
    fetchedAt,
    ...(typeof etag === "string" && { etag }),
    ...(typeof lastModified === "string" && { lastModified }),
  };
}

/** A URL may hold a key, so that its name on disk is a hash. */
function fileOf(folder: string, spec: string): string {
  return join(folder, `url-${createHash("sha256").update(spec).digest("hex").slice(0, 32)}.json`);
}
