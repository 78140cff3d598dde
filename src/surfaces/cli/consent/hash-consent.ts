/**
 * What an agreement is bound to: the text of the configuration and the contents of the files that its commands run.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { resolve } from "node:path";
import type { RunFiles } from "./find-run-files.ts";

/** Raised when an agreement comes to cover more than it did: it is asked for again. */
const form = 2;

/** SHA-256, hex. A file that goes, comes or cannot be read changes it as any other change does. */
export async function hashConsent(
  source: string,
  { folder, files }: { readonly folder: string; readonly files: RunFiles },
): Promise<string> {
  const contents: (readonly [string, string])[] = [];
  for (const path of files.paths) contents.push([path, await hashFile(resolve(folder, path))]);
  return createHash("sha256")
    .update(JSON.stringify([form, source, contents]))
    .digest("hex");
}

async function hashFile(file: string): Promise<string> {
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(file), hash);
    return hash.digest("hex");
  } catch {
    return "unreadable";
  }
}
