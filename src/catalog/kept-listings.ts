/**
 * Keeps the last listing of every source on disk, so that serving begins at once. A kept listing is a
 * cache: one that is missing, unreadable or of another form is simply not there.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { SourceListing } from "../spec/tool.ts";
import type { JsonSchema } from "../spec/value.ts";

/** What is kept of one source: its listing and the shapes learned from its answers. */
export interface KeptListing {
  readonly listing: SourceListing;
  readonly observed: readonly (readonly [upstreamName: string, schema: JsonSchema])[];
}

export interface ListingKeeper {
  load(source: string, fingerprint: string): Promise<KeptListing | undefined>;
  /** Replaces atomically; a failure to write is the caller's to report, never to die of. */
  save(source: string, fingerprint: string, kept: KeptListing): Promise<void>;
}

const form = 1;

export function createListingKeeper(folder: string): ListingKeeper {
  return {
    async load(source, fingerprint) {
      try {
        const parsed: unknown = JSON.parse(await readFile(toFile(folder, source, fingerprint), "utf8"));
        return isKept(parsed) ? parsed : undefined;
      } catch {
        return undefined;
      }
    },
    async save(source, fingerprint, kept) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const file = toFile(folder, source, fingerprint);
      const partial = `${file}.${process.pid}.partial`;
      await writeFile(partial, JSON.stringify({ form, ...kept }), { mode: 0o600 });
      await rename(partial, file);
    },
  };
}

function toFile(folder: string, source: string, fingerprint: string): string {
  const key = createHash("sha256").update(`${source}\n${fingerprint}`).digest("hex").slice(0, 24);
  return join(folder, `${source.replaceAll(/[^\w-]/g, "_").slice(0, 40)}-${key}.json`);
}

function isKept(value: unknown): value is KeptListing {
  if (typeof value !== "object" || value === null) return false;
  const {
    form: written,
    listing,
    observed,
  } = value as { form?: unknown; listing?: Partial<SourceListing>; observed?: unknown };
  return (
    written === form &&
    Array.isArray(listing?.tools) &&
    Array.isArray(listing.issues) &&
    Array.isArray(observed)
  );
}
