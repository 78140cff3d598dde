/**
 * CSV as RFC 4180 says, and as spreadsheets write it: quotes, line ends of any kind, another delimiter.
 */

interface CsvOptions {
  /** Default: `,` when writing; when reading the first of `,`, `;`, tab, `|` that the first line has. */
  delimiter?: string;
}

export interface ParseCsvOptions extends CsvOptions {
  /** Whether the first line names the columns; then each row is an object. Default true. */
  header?: boolean;
}

export interface FormatCsvOptions extends CsvOptions {
  /** Which properties, in which order. Default: all, in the order in which they first occur. */
  columns?: readonly string[];
  /** Whether the first line names the columns. Default true. */
  header?: boolean;
}

/** Rows as objects by column name, or as arrays with `header: false`. Empty lines are left out. */
export function parseCsv(text: string, options: ParseCsvOptions & { header: false }): string[][];
export function parseCsv(text: string, options?: ParseCsvOptions): Record<string, string>[];
export function parseCsv(
  text: string,
  { delimiter, header = true }: ParseCsvOptions = {},
): string[][] | Record<string, string>[] {
  const plain = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const rows = splitRows(plain, delimiter ?? guessDelimiter(plain));
  if (!header) return rows;
  const [names = [], ...body] = rows;
  return body.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at] ?? ""])));
}

/** One line for each row, each ended by a line feed. Dates as ISO 8601, objects as JSON, null as nothing. */
export function formatCsv(
  rows: readonly (Readonly<Record<string, unknown>> | readonly unknown[])[],
  { delimiter = ",", columns, header = true }: FormatCsvOptions = {},
): string {
  const named = columns ?? columnsOf(rows);
  const lines = rows.map((row) =>
    isList(row) ? row : named.map((name) => (Object.hasOwn(row, name) ? row[name] : undefined)),
  );
  const withHeader = header && named.length > 0 ? [named, ...lines] : lines;
  return withHeader
    .map((line) => `${line.map((cell) => csvCell(cell, delimiter)).join(delimiter)}\n`)
    .join("");
}

/** The names of all properties of all rows that are objects. */
export function columnsOf(
  rows: readonly (Readonly<Record<string, unknown>> | readonly unknown[])[],
): string[] {
  const names = new Set<string>();
  for (const row of rows) if (!isList(row)) for (const name of Object.keys(row)) names.add(name);
  return [...names];
}

export function isList(row: unknown): row is readonly unknown[] {
  return Array.isArray(row);
}

/** A value as the text of a cell. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (value instanceof Date) return value.toISOString();
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

function splitRows(text: string, delimiter: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    const [cell, end] = readCell(text, at, delimiter);
    row.push(cell);
    at = end;
    if (text.startsWith(delimiter, at)) {
      at += delimiter.length;
      if (at === text.length) row.push("");
      else continue;
    }
    if (text[at] === "\r") at += 1;
    if (text[at] === "\n") at += 1;
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
  }
  return rows;
}

/** The cell that begins at `at`, and where it ends. */
function readCell(text: string, at: number, delimiter: string): [cell: string, end: number] {
  if (text[at] !== '"') {
    let end = at;
    while (end < text.length && text[end] !== "\n" && text[end] !== "\r" && !text.startsWith(delimiter, end))
      end += 1;
    return [text.slice(at, end), end];
  }
  let cell = "";
  let from = at + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote === -1) return [cell + text.slice(from), text.length];
    cell += text.slice(from, quote);
    if (text[quote + 1] !== '"') return [cell, quote + 1];
    cell += '"';
    from = quote + 2;
  }
}

function guessDelimiter(text: string): string {
  const end = text.search(/[\r\n]/);
  const line = end === -1 ? text : text.slice(0, end);
  const counted = [",", ";", "\t", "|"].map((each) => ({ each, count: line.split(each).length - 1 }));
  const best = counted.reduce((most, next) => (next.count > most.count ? next : most));
  return best.count > 0 ? best.each : ",";
}

function csvCell(value: unknown, delimiter: string): string {
  const text = cellText(value);
  return text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
