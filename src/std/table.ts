/**
 * Rows as a table that a person or a model reads: Markdown, or plain text in columns.
 */
import { cellText, columnsOf, isList } from "./csv.ts";

export interface TableOptions {
  /** Default `markdown`. */
  format?: "markdown" | "text";
  /** Which properties, in which order. Default: all, in the order in which they first occur. */
  columns?: readonly string[];
  /** Rows shown; how many were left out is said below. Default 100. */
  maxRows?: number;
  /** Characters of a cell. Default 80. */
  maxWidth?: number;
}

/** Numbers stand at the right. Without rows: `(no rows)`. */
export function renderTable(
  rows: readonly (Readonly<Record<string, unknown>> | readonly unknown[])[],
  { format = "markdown", columns, maxRows = 100, maxWidth = 80 }: TableOptions = {},
): string {
  const names = columns ?? tableColumns(rows);
  if (names.length === 0) return "(no rows)";
  const shown = rows.slice(0, maxRows);
  const values = shown.map((row) =>
    names.map((name, at) => (isList(row) ? row[at] : Object.hasOwn(row, name) ? row[name] : undefined)),
  );
  const cells = values.map((line) => line.map((value) => tableCell(value, format, maxWidth)));
  const header = names.map((name) => tableCell(name, format, maxWidth));
  const widths = header.map((name, at) =>
    Math.max(3, name.length, ...cells.map((line) => (line[at] ?? "").length)),
  );
  const right = header.map((_, at) => isNumeric(values.map((line) => line[at])));
  const pad = (line: readonly string[]): string[] =>
    line.map((cell, at) =>
      right[at] === true ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0),
    );
  const rules = widths.map((width, at) =>
    format === "text"
      ? "-".repeat(width)
      : right[at] === true
        ? `${"-".repeat(width - 1)}:`
        : "-".repeat(width),
  );
  const lines = [pad(header), rules, ...cells.map(pad)].map((line) =>
    format === "text" ? line.join("  ").trimEnd() : `| ${line.join(" | ")} |`,
  );
  const more = rows.length - shown.length;
  return more > 0 ? `${lines.join("\n")}\n… ${more} more` : lines.join("\n");
}

function tableColumns(rows: readonly (Readonly<Record<string, unknown>> | readonly unknown[])[]): string[] {
  const [first] = rows;
  return isList(first) ? first.map((_, at) => String(at + 1)) : columnsOf(rows);
}

function tableCell(value: unknown, format: string, maxWidth: number): string {
  const line = cellText(value).replaceAll(/\s*[\r\n]+\s*/g, " ");
  const cut = line.length > maxWidth ? `${line.slice(0, maxWidth - 1)}…` : line;
  return format === "markdown" ? cut.replaceAll("\\", "\\\\").replaceAll("|", "\\|") : cut;
}

function isNumeric(values: readonly unknown[]): boolean {
  const present = values.filter((value) => value !== null && value !== undefined);
  return (
    present.length > 0 && present.every((value) => typeof value === "number" || typeof value === "bigint")
  );
}
