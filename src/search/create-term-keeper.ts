/**
 * Keeps the analysed words of sources in a folder, so that the next start need not analyse them again. A
 * cache: what cannot be read is not there.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { KeepTerms } from "./create-index-cache.ts";

export function createTermKeeper(folder: string): KeepTerms {
  const toFile = (key: string): string =>
    join(folder, `${createHash("sha256").update(key).digest("hex").slice(0, 32)}.terms`);
  return {
    load: (key) => readFile(toFile(key)).catch(() => undefined),
    async save(key, bytes) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const partial = `${toFile(key)}.${process.pid}.partial`;
      await writeFile(partial, bytes, { mode: 0o600 });
      await rename(partial, toFile(key));
    },
  };
}
