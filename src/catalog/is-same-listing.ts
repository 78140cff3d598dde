/**
 * Whether a source lists what it listed before. It is asked before every approved write, and mostly has not changed:
 * to rebuild a catalog of thousands of tools each time would cost more than the comparison.
 */
import type { SourceListing } from "../spec/tool.ts";

export function isSameListing(now: SourceListing, before: SourceListing | undefined): boolean {
  if (now === before) return true;
  if (before === undefined || now.tools.length !== before.tools.length) return false;
  try {
    return JSON.stringify(now) === JSON.stringify(before);
  } catch {
    // What JSON does not have is compared by its hash when the catalog is built.
    return false;
  }
}
