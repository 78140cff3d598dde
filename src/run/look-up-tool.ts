/**
 * Finds the tool of a path in a run's catalog, or says what there is instead: a source that is down, the nearest name.
 */
import { CallError } from "../call-error.ts";
import { CodemodeError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import type { Catalog, Tool } from "../spec/tool.ts";

export interface LookUpContext {
  readonly catalog: Catalog;
  /** Why a configured source offers nothing, where it has failed. */
  readonly whyMissing: (source: string) => string | undefined;
}

/** Throws `tool_not_found` and `source_unavailable`. */
export function lookUpTool(segments: readonly string[], { catalog, whyMissing }: LookUpContext): Tool {
  const path = segments.join(".");
  const tool = catalog.tools.get(path);
  if (tool !== undefined) return tool;
  const shown = path.length > 200 ? `${path.slice(0, 200)}…` : path;
  const [source] = segments;
  const known = catalog.sources.find((each) => each.name === source);
  const reason = known === undefined ? whyMissing(source ?? "") : undefined;
  if (reason !== undefined) {
    throw new CallError("source_unavailable", `The source "${source ?? ""}" is not available: ${reason}`, {
      hint: "Do without it, or tell the user what it says.",
      outcome: "not_sent",
    });
  }
  const candidates = known === undefined ? catalog.tools.keys() : known.tools.map((each) => each.path);
  const near = nearest(path, candidates).map((each) => `tools.${each}`);
  const where =
    known === undefined
      ? `There is no source "${(source ?? "").slice(0, 100)}"; the sources are ${sourceNames(catalog)}.`
      : "";
  throw new CodemodeError("tool_not_found", `There is no tool tools.${shown}. ${where}`.trim(), {
    hint:
      near.length > 0
        ? `Did you mean ${near.join(" or ")}?`
        : `Find tools with the search tool or codemode.search("…").`,
  });
}

function sourceNames(catalog: Catalog): string {
  const names = catalog.sources.map((source) => source.name);
  return names.length > 20
    ? `${names.slice(0, 20).join(", ")} and ${names.length - 20} more`
    : names.join(", ") || "none";
}
