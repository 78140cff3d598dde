/**
 * What can be wrong with a change of files, in words that every store shares.
 */
import { CodemodeError } from "../../errors.ts";
import type { FileLimits } from "../../spec/files.ts";

/** Throws `file_limit` for a file of so many bytes. */
export function refuseLargeFile(bytes: number, { fileBytes }: FileLimits): void {
  if (bytes <= fileBytes) return;
  throw new CodemodeError(
    "file_limit",
    `The file would have ${bytes} bytes; one file may have ${fileBytes}.`,
    {
      hint: "Split it over several files, or keep less of it.",
    },
  );
}

/** Throws `file_limit` when a workspace with so many files is larger than it may be. */
export function refuseManyFiles(
  { files, bytes }: { readonly files: number; readonly bytes: number },
  limits: FileLimits,
): void {
  const hint = "Remove files that are no longer needed: codemode.fs.list() names them with their sizes.";
  if (files > limits.files)
    throw new CodemodeError(
      "file_limit",
      `The workspace would have ${files} files; it may have ${limits.files}.`,
      { hint },
    );
  if (bytes > limits.totalBytes)
    throw new CodemodeError(
      "file_limit",
      `The workspace's files would have ${bytes} bytes together; they may have ${limits.totalBytes}.`,
      { hint },
    );
}
