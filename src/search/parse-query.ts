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
  /** Characters at the end of the query that do not count. */
  readonly unread: number;
}

/** Characters and words of a query that count. */
export const longestQuery = 10_000;
export const mostQueryWords = 600;
const defaultLimit = 8;
const mostHits = 50;

/** Throws `usage` for options out of range. Of a query beyond the bounds only the beginning counts. */
export function parseQuery(request: SearchRequest): Query {
  const { query, source } = request;
  if (typeof query !== "string")
    throw new CodemodeError("usage", `search: query must be a string, not ${typeof query}.`);
  if (source !== undefined && typeof source !== "string") {
    throw new CodemodeError("usage", `search: source must be a string, not ${typeof source}.`);
  }
  const counted = countedPart(query);
  const text = counted
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
    unread: query.length - counted.length,
  };
}

/** A model may paste its whole task: what is beyond these bounds says little that is new, and costs time. */
function countedPart(query: string): string {
  const read = query.slice(0, longestQuery);
  let end = 0;
  let words = 0;
  for (const { index, 0: word } of read.matchAll(/\S+/g)) {
    words += 1;
    if (words > mostQueryWords) return read.slice(0, end);
    end = index + word.length;
  }
  return read;
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
