/**
 * Writes objects of like keys as a table: the keys once, then a line per object with its values between tabs. A value
 * is JSON, a plain word stands bare, a key that an object lacks is an empty cell, so that a table reads back as exactly
 * the same rows. Only where that takes fewer tokens than JSON does.
 */
import type { ExactJson } from "../../spec/value.ts";
import { countToText, gapMark } from "./count-to-text.ts";
import { mostTokens } from "./most-tokens.ts";
import { isPrintable } from "../../show-hidden.ts";

export type Fields = { readonly [key: string]: ExactJson };

export interface TableOptions {
  /** Objects in all, those left out between head and tail included. */
  readonly count: number;
  /** How many of those given stand before the gap. */
  readonly head: number;
  readonly mostColumns: number;
  /** Characters; a table that is longer is given up. */
  readonly room: number;
  /** Whether a plain word may stand without quotes. */
  readonly bare: boolean;
  /** JSON of a value, cut as the rest of the text is. */
  readonly cell: (value: ExactJson) => string;
}

export interface Table {
  readonly heading: string;
  readonly text: string;
}

const mostColumns = 60;
/** Characters of a word that stands bare; longer ones may have to be cut. */
const mostPlain = 60;
/** So many rows are worth to be written twice. */
const fewRows = 8;
const fewCharacters = 1_500;

export function toTable(rows: readonly Fields[], options: TableOptions): Table | undefined {
  const columns = columnsOf(rows, Math.min(mostColumns, options.mostColumns));
  if (columns === undefined) return undefined;
  const header = columns.names.map((column) => cellOf(column, options)).join("\t");
  const heading = `${countToText(options.count)} rows, tab-separated`;
  if (!isSmaller(columns, rows.length, { heading, header })) return undefined;
  const lines: string[] = [];
  const room = Math.min(options.room, Number.MAX_SAFE_INTEGER);
  let left = room - header.length;
  for (const row of rows) {
    const line = columns.names
      .map((column) => (Object.hasOwn(row, column) ? cellOf(row[column] ?? null, options) : ""))
      .join("\t");
    lines.push(line);
    left -= line.length;
    if (left < 0) break;
  }
  const few = rows.length <= fewRows && left >= room - fewCharacters;
  if (few && !isSmallerThanJson(rows, [heading, header, ...lines], options)) return undefined;
  const gap = options.count - rows.length;
  const shown =
    gap === 0 ? lines : [...lines.slice(0, options.head), gapMark(gap, "rows"), ...lines.slice(options.head)];
  return { heading, text: [header, ...shown].join("\n") };
}

interface Columns {
  readonly names: readonly string[];
  /** How many cells are not empty, of all. */
  readonly filled: number;
}

/** All keys, unless they are too many or most cells would be empty. */
function columnsOf(rows: readonly Fields[], most: number): Columns | undefined {
  const names = new Set<string>();
  let cells = 0;
  for (const row of rows) {
    const keys = Object.keys(row);
    cells += keys.length;
    for (const key of keys) names.add(key);
    if (names.size > most) return undefined;
  }
  if (names.size === 0) return undefined;
  const filled = cells / (names.size * rows.length);
  return filled < 0.5 ? undefined : { names: [...names], filled };
}

/** The values cost the same in both; what differs is keys and signs against tabs, and the table's two lines more. */
function isSmaller(
  { names, filled }: Columns,
  rows: number,
  { heading, header }: { readonly heading: string; readonly header: string },
): boolean {
  const row = `{${names.map((name) => `${JSON.stringify(name)}:0`).join(",")}},`;
  const json = (mostTokens(row) - names.length) * filled;
  return rows * json > rows * (names.length + 1) + mostTokens(`${heading}:\n${header}\n`) + 4;
}

/** A few rows are written both ways and compared. */
function isSmallerThanJson(
  rows: readonly Fields[],
  lines: readonly string[],
  { cell }: TableOptions,
): boolean {
  const objects = rows.map((row) => {
    const fields = Object.entries(row).map(([key, value]) => `${cell(key)}:${cell(value)}`);
    return `{${fields.join(",")}}`;
  });
  return mostTokens(lines.join("\n")) + 1 < mostTokens(`[${objects.join(",")}]`);
}

function cellOf(value: ExactJson, { cell, bare }: TableOptions): string {
  return bare && typeof value === "string" && isPlain(value) ? value : cell(value);
}

/** Short, and cannot be read as JSON, a mark or an edge of the table. */
function isPlain(text: string): boolean {
  return (
    text.length <= mostPlain &&
    isPrintable(text) &&
    /^[A-Za-z_@.+/#$~\d-][^"\\<>|]*$/.test(text) &&
    !text.endsWith(" ") &&
    !/^(?:true|false|null|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/i.test(text)
  );
}
