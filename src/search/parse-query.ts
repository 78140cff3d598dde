/**
 * Reads what the model asked for: nothing (an overview), a path or glob, or words. Bounds the query before
 * anything looks at it.
 */
import { CodemodeError } from "../errors.ts";
import { searchDetails, type SearchDetail, type SearchRequest } from "../spec/search.ts";

export interface Query {
  readonly kind: "overview" | "glob" | "words";
  /** Trimmed; a leading `tools.` and a trailing call are gone. */
  readonly text: string;
  readonly limit: number;
  readonly detail: SearchDetail;
  readonly source?: string;
  readonly principal: string;
}

export const longestQuery = 10_000;
const defaultLimit = 8;
const mostHits = 50;

/** Throws `usage` for a query that is too long or options out of range. */
export function parseQuery(request: SearchRequest): Query {
  const { query, source } = request;
  if (typeof query !== "string")
    throw new CodemodeError("usage", `search: query must be a string, not ${typeof query}.`);
  if (query.length > longestQuery) {
    throw new CodemodeError(
      "usage",
      `search: query has ${query.length} characters; at most ${longestQuery} are read.`,
      {
        hint: "Describe what the tool should do in a few words.",
      },
    );
  }
  if (source !== undefined && typeof source !== "string") {
    throw new CodemodeError("usage", `search: source must be a string, not ${typeof source}.`);
  }
  const text = query
    .trim()
    .replace(/^(?:await\s+)?tools\./, "")
    .replace(/\([^()]*\)?;?$/, "")
    .trim();
  return {
    kind: text === "" ? "overview" : isGlob(text) ? "glob" : "words",
    text,
    limit: limitOf(request.limit),
    detail: detailOf(request.detail),
    ...(source === undefined || source === "" ? {} : { source }),
    principal: request.principal ?? "local",
  };
}

/** One token with a star: `github.repos.*`, `*.create*`, `*`. */
function isGlob(text: string): boolean {
  return text.includes("*") && !/\s/.test(text);
}

function limitOf(limit: unknown): number {
  if (limit === undefined) return defaultLimit;
  if (typeof limit !== "number" || !Number.isInteger(limit) || limit < 1 || limit > mostHits) {
    throw new CodemodeError("usage", `search: limit must be a whole number from 1 to ${mostHits}.`);
  }
  return limit;
}

function detailOf(detail: unknown): SearchDetail {
  if (detail === undefined) return "signatures";
  const known = searchDetails.find((name) => name === detail);
  if (known === undefined)
    throw new CodemodeError("usage", `search: detail must be one of ${searchDetails.join(", ")}.`);
  return known;
}
