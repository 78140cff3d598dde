/**
 * The name of a content: its SHA-256 in hex.
 */
import { createHash } from "node:crypto";

export function hashBytes(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
