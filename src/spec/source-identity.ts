/**
 * Which upstream a source is, in words that a run's record may keep: a run is continued only where its sources are
 * those it was begun with.
 */

/** Holds no secret: whatever could be one is left out or stands as `‹hidden›`. */
export interface SourceIdentity {
  /** `mcp`, `openapi`, … */
  readonly kind: string;
  /** The program that is started and its arguments, variables expanded. */
  readonly command?: readonly string[];
  /** The folder it is started in. */
  readonly folder?: string;
  /** The server's URL, or where the document is that describes it. */
  readonly url?: string;
  /** Where calls are sent, if that is another place than `url`. */
  readonly baseUrl?: string;
  /** On whose behalf they are sent, where that is known by a name. */
  readonly account?: string;
  /** Variables and headers that say where or for whom: `API_URL`, `X-Org-Id`. */
  readonly settings?: { readonly [name: string]: string };
}

export interface IdentityRequest {
  readonly principal: string;
  readonly signal: AbortSignal;
  /** Answers at once from what is known, and leaves out what only the upstream could say. Default false. */
  readonly offline?: boolean;
}
