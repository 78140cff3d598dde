/**
 * Names what is wrong with a store by its own codes.
 */
import { CodemodeError } from "../../errors.ts";

/** SQLite's primary result codes that a person can do something about. */
const known: ReadonlyMap<
  number,
  { code: "store_full" | "store_locked" | "store_corrupt" | "store_unwritable"; hint: string }
> = new Map([
  [13, { code: "store_full", hint: "Free space on the disk of the store, then resume the run." }],
  [5, { code: "store_locked", hint: "Another program holds the store's file; end it, then resume the run." }],
  [6, { code: "store_locked", hint: "Another program holds the store's file; end it, then resume the run." }],
  [
    11,
    {
      code: "store_corrupt",
      hint: "Put the file aside and restore a backup; nothing is written to it any more.",
    },
  ],
  [26, { code: "store_corrupt", hint: 'The file is no store; name another one under "store".' }],
  [8, { code: "store_unwritable", hint: "Make the store's file and folder writable for this user." }],
  [14, { code: "store_unwritable", hint: "Make the store's folder exist and writable for this user." }],
]);

export function toStoreError(error: unknown): CodemodeError {
  if (error instanceof CodemodeError && error.code !== "internal") return error;
  const cause = error instanceof CodemodeError ? error.cause : error;
  const message = cause instanceof Error ? cause.message : String(cause);
  const result =
    typeof cause === "object" && cause !== null && "errcode" in cause ? Number(cause.errcode) & 0xff : -1;
  const found = known.get(result);
  if (found === undefined) return new CodemodeError("internal", `The store failed: ${message}`, { cause });
  return new CodemodeError(found.code, `The store cannot be used: ${message}.`, { hint: found.hint, cause });
}
