/**
 * Brings the servers of several clients under one roof: the same server twice is one, two servers of one
 * name are told apart.
 */
import { canonicalJson } from "../../../schema/canonical-json.ts";
import { hideSecrets } from "./hide-secrets.ts";
import type { TakenVariables } from "./hide-secrets.ts";
import type { ImportedServer } from "./read-client-servers.ts";
import type { ImportedEntry } from "./to-imported-entry.ts";

export interface MergedServer {
  readonly name: string;
  readonly client: string;
  readonly entry: ImportedEntry;
  readonly variables: readonly string[];
}

export function mergeServers(servers: readonly ImportedServer[]): MergedServer[] {
  const merged = new Map<string, MergedServer>();
  const seen = new Set<string>();
  const taken: TakenVariables = new Map();
  for (const { client, name, entry } of servers) {
    const wanted = toSourceName(name);
    const identity = canonicalJson([wanted, entry]);
    if (seen.has(identity)) continue;
    seen.add(identity);
    const free = freeName(wanted, client, merged);
    merged.set(free, { name: free, client, ...hideSecrets(free, entry, taken) });
  }
  return [...merged.values()];
}

/** Dots would read as nesting, and other clients allow them. */
function toSourceName(name: string): string {
  return (
    name
      .trim()
      .replaceAll(/[.\s]+/g, "-")
      .slice(0, 48) || "server"
  );
}

function freeName(wanted: string, client: string, taken: ReadonlyMap<string, unknown>): string {
  if (!taken.has(wanted)) return wanted;
  const named = `${wanted}-${client.toLowerCase().replaceAll(" ", "-")}`;
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? named : `${named}-${count}`;
    if (!taken.has(name)) return name;
  }
}
