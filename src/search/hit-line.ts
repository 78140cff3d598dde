/** A hit as one line of an answer for a model: what to call, what it does to the world, what it is for. */
import { lookalikeNote } from "../lookalike-note.ts";
import { snippetSource, type SearchHit } from "../spec/search.ts";

export function hitLine(hit: SearchHit): string {
  const description = hit.description === "" ? "" : ` — ${hit.description}`;
  return `${callable(hit)} [${hit.effect}]${lookalikeNote(hit.path, hit.looksLike)}${description}`;
}

function callable({ path, kind }: SearchHit): string {
  return kind === "snippet"
    ? `codemode.run(${JSON.stringify(path.slice(snippetSource.length + 1))}, input)`
    : `tools.${path}`;
}
