/**
 * What `codemode/std` exports, for the checker; the code is in `src/std`, and a test holds the two together.
 */
import type { Declarations } from "../spec/check.ts";

const text = `
declare module "codemode/std" {
  type Row = Readonly<Record<string, any>> | readonly any[];
  type DateLike = Date | string | number;
  type DateUnit = "year" | "month" | "week" | "day" | "hour" | "minute" | "second";
  /** Rows as objects by column name, or as arrays with \`header: false\`. */
  export function parseCsv(text: string, options: { delimiter?: string; header: false }): string[][];
  export function parseCsv(text: string, options?: { delimiter?: string; header?: boolean }): Record<string, string>[];
  export function formatCsv(rows: readonly Row[], options?: { delimiter?: string; columns?: readonly string[]; header?: boolean }): string;
  /** A table of Markdown, or of plain text. */
  export function renderTable(rows: readonly Row[], options?: { format?: "markdown" | "text"; columns?: readonly string[]; maxRows?: number; maxWidth?: number }): string;
  export function htmlToText(html: string, options?: { links?: boolean }): string;
  /** Every value a JSONPath leads to: \`$.orders[?(@.total > 100)].id\`, \`$..name\`, \`$.a[-1]\`, \`$.a[0:3]\`. */
  export function queryJson(value: any, path: string): any[];
  /** All dates are UTC. */
  export function toDate(value: DateLike): Date;
  export function addToDate(value: DateLike, duration: { years?: number; months?: number; weeks?: number; days?: number; hours?: number; minutes?: number; seconds?: number }): Date;
  export function startOf(value: DateLike, unit: DateUnit): Date;
  export function dateDiff(from: DateLike, to: DateLike, unit: DateUnit): number;
  export function dateRange(from: DateLike, to: DateLike, unit?: DateUnit): Date[];
  /** \`YYYY-MM-DD HH:mm:ss\`, \`D MMM YYYY\`, \`dddd\`, text in \`[brackets]\`. */
  export function formatDate(value: DateLike, pattern?: string): string;
  /** At most \`limit\` at once; answers in the order of the items. */
  export function mapLimit<T, R>(items: Iterable<T>, limit: number, work: (item: T, index: number) => R | Promise<R>): Promise<R[]>;
  /** Three attempts, 200 ms and then twice as long apart, unless said otherwise. */
  export function retry<T>(work: (attempt: number) => T | Promise<T>, options?: { attempts?: number; delayMs?: number; factor?: number; retryIf?: (error: any, attempt: number) => boolean }): Promise<T>;
  /** Items of all pages; \`next\` is where the next one begins. */
  export function paginate<T, C = any>(fetchPage: (cursor: C | undefined, page: number) => Promise<{ items: readonly T[]; next?: C | null }>, options?: { maxPages?: number; maxItems?: number }): Promise<T[]>;
}
`.trimStart();

export const stdDeclarations: Declarations = { source: "codemode/std", version: "1", text };
