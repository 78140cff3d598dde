/**
 * The key with which the server seals what clients carry for it, kept in the user's state folder for this
 * user alone, so that a question outlives a restart. Made when there is none.
 */
import { join } from "node:path";
import { readKeptKey } from "./read-kept-key.ts";

/** Throws `store_unwritable` when there is none and none can be kept. */
export function readSealKey(stateFolder: string): Promise<Uint8Array> {
  return readKeptKey({
    file: join(stateFolder, "approvals.key"),
    purpose: "approvals",
    hint: 'Make the folder writable, or set "approvals": { "ask": "elsewhere" }.',
  });
}
