/**
 * The contract of tool search: one query, one answer, the same for the MCP tool, the snippet, the CLI and
 * the library.
 */
import type { Effect, SourceTrouble } from "./tool.ts";

/** How much an answer says of each hit. */
export const searchDetails = ["names", "signatures", "full"] as const;
export type SearchDetail = (typeof searchDetails)[number];

export interface SearchRequest {
  /** Plain words, camelCase, a path, a path glob (`github.repos.*`), or empty for an overview. */
  readonly query: string;
  readonly source?: string;
  /** Hits at most; 1 to 50, default 8. */
  readonly limit?: number;
  readonly detail?: SearchDetail;
  readonly principal?: string;
  /** Which client of the principal, from the widest to the narrowest; searches are answered fairly between them. */
  readonly client?: readonly string[] | undefined;
}

/** The source that saved snippets are found under; no configured source can have a dot in its name. */
export const snippetSource = "codemode.snippets";

export interface SearchHit {
  readonly path: string;
  /** A saved snippet: run by `codemode.run(name, input)`, its name the last part of the path. Absent: a tool. */
  readonly kind?: "snippet";
  /** One line. */
  readonly description: string;
  readonly effect: Effect;
  /** Another path of the catalog that looks the same and is written otherwise. */
  readonly looksLike?: string;
  /** Compact TypeScript: `(args: { … }) => Promise<…>`; empty at detail `names`. */
  readonly signature: string;
  readonly score: number;
  /** Words of this principal's earlier searches after which the tool was called, where that made it rise. */
  readonly raisedBy?: readonly string[];
}

export interface SearchAnswer {
  readonly results: readonly SearchHit[];
  /** How many tools matched at all. */
  readonly total: number;
  readonly truncated: boolean;
  /** Characters at the end of a very long query that did not count; absent where all of it did. */
  readonly unread?: number;
  /** Paths that matched less well, names only. */
  readonly more: readonly string[];
  /** Matches by source, most first. */
  readonly sources: readonly { readonly name: string; readonly matches: number }[];
  /** Named types that the signatures above share, as TypeScript. */
  readonly types: string;
  /** For an empty query: the sources and groups as text for a model, within its budget. */
  readonly overview?: string;
  /** Sources that are starting or down, and so were not searched, or only as they were at the last start. */
  readonly troubles?: readonly SourceTrouble[];
  /** How many o200k tokens the answer as text may take. Default 800. */
  readonly tokens?: number;
}
