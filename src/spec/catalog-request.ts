/**
 * How the catalog is asked for: whether, for how long and for which sources it waits.
 */

export interface CatalogRequest {
  /** Waits until every source has answered anew or failed. Default: only those of which nothing is known yet. */
  readonly fresh?: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds to wait at most. Default: as long as sources may take to start. */
  readonly patienceMs?: number;
  /** The sources to wait for; the others are asked as well. Default: all. */
  readonly wanted?: ((source: string) => boolean) | undefined;
}
