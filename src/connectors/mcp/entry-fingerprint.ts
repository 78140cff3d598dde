/**
 * Names a source's configuration by a hash of its unexpanded texts, so that a kept listing is used only for
 * the entry it came from. Credentials are not in it: a new token does not make a new source.
 */
import { createHash } from "node:crypto";
import { canonicalJson } from "../../schema/canonical-json.ts";
import type { McpSettings, SecretText } from "./mcp-source-options.ts";

/** Raised when listings of the same tools come out differently than before. */
const listingVersion = 2;

/** SHA-256, hex. */
export function entryFingerprint({ entry, trusted, relay }: McpSettings): string {
  const stated =
    entry.transport === "stdio"
      ? { command: entry.command, args: entry.args ?? [], env: texts(entry.env), cwd: entry.cwd }
      : { url: entry.url, headers: texts(entry.headers), type: entry.type };
  return createHash("sha256")
    .update(canonicalJson({ listingVersion, trusted, relay: { ...relay }, ...stated }))
    .digest("hex");
}

function texts(values: { readonly [name: string]: SecretText } = {}): { [name: string]: string } {
  return Object.fromEntries(
    Object.entries(values).map(([name, text]) => [name, typeof text === "string" ? text : "(function)"]),
  );
}
