/** The searches that ours is measured beside. */
import { fastmcp, plainBm25 } from "./bm25.ts";
import { cloudflareCodemode } from "./cloudflare-codemode.ts";
import type { Peer } from "./peer.ts";
import { exactMinisearch, plainMinisearch } from "./plain-minisearch.ts";
import { utcp } from "./utcp.ts";

export const allPeers: readonly Peer[] = [
  plainBm25,
  fastmcp,
  plainMinisearch,
  exactMinisearch,
  cloudflareCodemode,
  utcp,
];
