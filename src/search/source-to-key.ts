/** Names the content of one source as search sees it, so that kept terms are used for nothing else. */
import { createHash } from "node:crypto";
import type { CatalogSource } from "../spec/tool.ts";
import { termsFormat } from "./terms-to-bytes.ts";

/** 32 hex characters; the same for sources that search cannot tell apart. */
export function sourceToKey(source: CatalogSource): string {
  const hash = createHash("sha256");
  hash.update(
    JSON.stringify([termsFormat, source.name, source.title, source.instructions, source.definitions]),
  );
  for (const tool of source.tools) {
    hash.update(
      JSON.stringify([tool.path, tool.title, tool.description, tool.tags, tool.hash, tool.observed]),
    );
  }
  return hash.digest("hex").slice(0, 32);
}
