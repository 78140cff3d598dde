/**
 * One source as the live catalog follows it, and what that says of how the source is doing.
 */
import type { CodemodeError } from "../errors.ts";
import type { Source, SourceStatus } from "../spec/source.ts";
import type { CatalogSource, SourceListing, SourceTrouble } from "../spec/tool.ts";
import type { JsonSchema } from "../spec/value.ts";
import { downTrouble, startingTrouble, toReason } from "./source-trouble.ts";

export interface LiveEntry {
  readonly source: Source;
  readonly identifier: string;
  listing?: SourceListing;
  kept: boolean;
  failure?: { readonly error: CodemodeError; readonly at: number };
  observed: Map<string, JsonSchema>;
  built?: CatalogSource;
  listingNow?: Promise<void>;
  /** Begins once what is under way has ended, so that it says nothing older than its asking. */
  listingNext?: Promise<void> | undefined;
  saving: Promise<void>;
  readonly subscription?: Disposable;
}

export function toStatus(entry: LiveEntry): SourceStatus {
  const status = entry.source.status();
  // Connected, but what it offers is still to come.
  if (entry.listing === undefined && entry.failure === undefined && status.state === "ready")
    return { ...status, state: "starting" };
  if (entry.failure === undefined || status.state === "failed") return status;
  return { ...status, state: "failed", reason: toReason(entry.failure.error) };
}

export function toTrouble({ identifier, listing, failure }: LiveEntry): SourceTrouble[] {
  if (failure !== undefined) return [downTrouble(identifier, failure.error)];
  if (listing === undefined) return [startingTrouble(identifier)];
  return listing.outage === undefined ? [] : [downTrouble(identifier, listing.outage)];
}

export function isConfirmed(entry: LiveEntry): boolean {
  return entry.listing !== undefined && !entry.kept && entry.failure === undefined;
}
