/**
 * Walks a configuration and says of each of its settings what it may do. Nothing that the table does not call harmless
 * is left out, and nothing at all that holds a variable.
 */
import { isRecord } from "../../../schema/is-record.ts";
import type { Config } from "../config/config-schema.ts";
import { formatField } from "../config/config-problems.ts";
import { variablesOf } from "../config/expand-variables.ts";
import { consentTable, type ConsentKind } from "./consent-table.ts";

export interface Setting {
  /** `other`: the table does not know it. */
  readonly kind: Exclude<ConsentKind, "reach"> | "other";
  readonly path: readonly (string | number)[];
  readonly field: string;
  readonly value: unknown;
}

const keys = Object.keys(consentTable);
/** Other clients' keys stand there too, and mean nothing here. */
const foreign = "mcpServers.<name>";
const sourceTables = ["mcpServers", "openapi", "utcp"];

/** Entries that are switched off do nothing, and are left out. */
export function classifySettings(config: Config): Setting[] {
  const settings: Setting[] = [];
  const visit = (value: unknown, key: string, path: readonly string[]): void => {
    if (value === undefined) return;
    if (isRecord(value) && keys.some((each) => each.startsWith(`${key}.`))) {
      for (const [name, child] of Object.entries(value)) {
        const below = childKey(key, name);
        if (below === undefined && key === foreign) continue;
        if (isSwitchedOff(key, child)) continue;
        visit(child, below ?? `${key}.${name}`, [...path, name]);
      }
      return;
    }
    const kind = kindOf(key, value);
    if (kind !== "harmless" || variablesOf(JSON.stringify(value)).length > 0)
      settings.push({ kind: kind === "harmless" ? "other" : kind, path, field: formatField(path), value });
  };
  for (const [name, value] of Object.entries(config)) visit(value, name, [name]);
  return settings;
}

/** The key of a child in the table: its own name, or that of any name. */
function childKey(key: string, name: string): string | undefined {
  return [`${key}.${name}`, `${key}.<name>`].find((wanted) =>
    keys.some((each) => each === wanted || each.startsWith(`${wanted}.`)),
  );
}

function isSwitchedOff(key: string, entry: unknown): boolean {
  return sourceTables.includes(key) && isRecord(entry) && entry["disabled"] === true;
}

function kindOf(key: string, value: unknown): Setting["kind"] {
  const kind = consentTable[key];
  if (kind === undefined) return "other";
  if (kind === "reach") return typeof value === "string" && /^https?:/i.test(value) ? "send" : "read";
  return kind;
}
