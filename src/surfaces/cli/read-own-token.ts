/**
 * The token by which the user's own clients are known where the operating system does not say whose a connection is.
 * It is kept in the user's state folder for this user alone, so that clients keep working when the server starts again.
 */
import { join } from "node:path";
import { readKeptKey } from "./read-kept-key.ts";

/** Throws `store_unwritable` when there is none and none can be kept. */
export async function readOwnToken(stateFolder: string): Promise<string> {
  const key = await readKeptKey({
    file: join(stateFolder, "server.key"),
    purpose: "the user's own clients",
    hint: "Make the folder writable, or set server.token.",
  });
  return Buffer.from(key).toString("base64url");
}
