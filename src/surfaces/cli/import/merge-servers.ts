/**
 * Brings the servers of several clients under one roof: the same server twice is one, two servers of one
 * name are told apart.
 */
import { canonicalJson } from "../../../schema/canonical-json.ts";
import { variablesOf, variablesWithoutDefault } from "../config/expand-variables.ts";
import { hideSecrets } from "./hide-secrets.ts";
import type { TakenVariables } from "./hide-secrets.ts";
import type { ImportedServer } from "./read-client-servers.ts";
import type { ImportedEntry } from "./to-imported-entry.ts";

export interface MergedServer {
  readonly name: string;
  readonly client: string;
  /** The file it was found in. */
  readonly file: string;
  readonly entry: ImportedEntry;
  /** All that must be set for the entry to work. */
  readonly variables: readonly string[];
}

export function mergeServers(servers: readonly ImportedServer[]): MergedServer[] {
  const merged = new Map<string, MergedServer>();
  const seen = new Set<string>();
  const taken: TakenVariables = new Map();
  // A name that somebody refers to is theirs: a secret put in its place would reach another server.
  for (const { entry } of servers)
    for (const variable of variablesOf(JSON.stringify(entry))) taken.set(variable, referredTo);
  for (const { client, file, name, entry } of servers) {
    const wanted = toSourceName(name);
    const identity = canonicalJson([wanted, entry]);
    if (seen.has(identity)) continue;
    seen.add(identity);
    const free = freeName(wanted, client, merged);
    const hidden = hideSecrets(free, entry, taken).entry;
    merged.set(free, { name: free, client, file, entry: hidden, variables: neededVariables(hidden) });
  }
  return [...merged.values()];
}

/** No secret is this. */
const referredTo = "\0";

/** Whoever wrote them there: this program in place of a secret, or the other client's user. */
function neededVariables(entry: ImportedEntry): string[] {
  return [...new Set(variablesWithoutDefault(JSON.stringify(entry)))];
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
