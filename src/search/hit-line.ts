/** A hit as one line of an answer for a model: what to call, what it does to the world, what it is for. */
import type { SearchHit } from "../spec/search.ts";

export function hitLine(hit: SearchHit): string {
  const description = hit.description === "" ? "" : ` — ${hit.description}`;
  return `tools.${hit.path} [${hit.effect}]${description}`;
}
