/**
 * Parts what is wrong with single entries from what is wrong with the file: an entry that cannot be used costs its own
 * source, as a missing variable does, and the others go on.
 */
import { isRecord } from "../../../schema/is-record.ts";
import type { CodemodeError } from "../../../errors.ts";
import { problemsToError, type ConfigProblem } from "./config-problems.ts";

const tables = ["mcpServers", "openapi", "utcp"] as const;
export type SourceTable = (typeof tables)[number];

/** A source whose entry, or whose settings under `sources`, cannot be used. */
export interface WrongEntry {
  readonly name: string;
  readonly table: SourceTable;
  readonly error: CodemodeError;
}

export interface Parted {
  readonly wrong: readonly WrongEntry[];
  /** The file's content without the entries that are wrong, and without their settings. */
  readonly rest: unknown;
  /** What no single entry is to blame for. */
  readonly problems: readonly ConfigProblem[];
}

export function partWrongEntries(
  value: unknown,
  problems: readonly (readonly [path: readonly PropertyKey[], problem: ConfigProblem])[],
  file: string,
): Parted {
  if (!isRecord(value)) return { wrong: [], rest: value, problems: problems.map(([, problem]) => problem) };
  const blamed = new Map<string, { readonly table: SourceTable; readonly problems: ConfigProblem[] }>();
  const others: ConfigProblem[] = [];
  for (const [path, problem] of problems) {
    const name = path[1];
    const table = typeof name === "string" && path.length >= 2 ? tableOf(value, path[0], name) : undefined;
    if (table === undefined || typeof name !== "string") others.push(problem);
    else blamed.set(name, { table, problems: [...(blamed.get(name)?.problems ?? []), problem] });
  }
  const rest = Object.fromEntries(
    Object.entries(value).map(([key, table]) => {
      const lists = key === "sources" || tables.some((each) => each === key);
      return [key, lists && isRecord(table) ? without(table, blamed) : table];
    }),
  );
  return {
    wrong: [...blamed].map(([name, found]) => ({
      name,
      table: found.table,
      error: problemsToError(found.problems, file),
    })),
    rest,
    problems: others,
  };
}

/** The table that an entry stands in, or that the entry stands in whose settings these are. */
function tableOf(
  value: { readonly [key: string]: unknown },
  key: PropertyKey | undefined,
  name: string,
): SourceTable | undefined {
  const holds = (table: SourceTable): boolean => {
    const entries = value[table];
    return isRecord(entries) && Object.hasOwn(entries, name);
  };
  if (key === "sources") return tables.find(holds);
  return tables.find((table) => table === key && holds(table));
}

function without(
  table: { readonly [name: string]: unknown },
  names: ReadonlyMap<string, unknown>,
): { [name: string]: unknown } {
  return Object.fromEntries(Object.entries(table).filter(([name]) => !names.has(name)));
}
