/**
 * Writes a JSON value as its densest faithful text: compact JSON, lists of like objects as tables. With a cut it
 * leaves out items, keys, characters and levels, and says at each place how many; such a mark is never within quotes,
 * so that no mark can be data and no data a mark.
 */
import type { ExactJson } from "../../spec/value.ts";
import { countToText, gapMark } from "./count-to-text.ts";
import { wellFormedHead, wellFormedTail } from "./cut-text.ts";
import { labelBytes, labelOfWhole } from "./label-bytes.ts";
import { escapeHidden, isPrintable } from "../../show-hidden.ts";
import { toTable, type Fields } from "./write-table.ts";

export interface Cut {
  readonly items: number;
  readonly keys: number;
  /** Of one string, keys included. */
  readonly characters: number;
  readonly levels: number;
  /** Strings stand in quotes even in tables: for text that poses as something else. */
  readonly quoted?: boolean;
}

/** Nothing is left out; deeper values do not come off the bridge. */
export const uncut: Cut = { items: Infinity, keys: Infinity, characters: Infinity, levels: 1_000 };

export interface Written {
  readonly text: string;
  /** Something was left out. */
  readonly cut: boolean;
  /** Bytes were labelled instead of shown. */
  readonly labelled: boolean;
}

const headShare = 0.65;
/** Tables beside the main text; deeper ones are harder to read than their JSON. */
const mostTables = 12;
const deepestTable = 3;
/** Characters from which a string is not searched for bytes as a whole. */
const longString = 4_000;
/** Of a long string with bytes in it, labels included. */
const mostParts = 9;

/** Nothing when the text would have more than `room` characters. */
export function writeValue(value: ExactJson, cut: Cut, room: number): Written | undefined {
  const pen = new Pen(cut, room);
  const table = pen.tableOf(value);
  if (table !== undefined) {
    const text = `${table.heading}:\n${table.text}`;
    return text.length > room ? undefined : { text, cut: pen.cut, labelled: pen.labelled };
  }
  pen.write(value, 0);
  if (pen.room < 0) return undefined;
  return { text: [pen.text, ...pen.tables].join("\n"), cut: pen.cut, labelled: pen.labelled };
}

/** How many of `count` stand at each end when `most` are shown. */
export function ends(count: number, most: number): { readonly head: number; readonly tail: number } {
  if (count <= most) return { head: count, tail: 0 };
  const head = Math.max(1, Math.ceil(most * headShare));
  return { head, tail: Math.max(0, Math.floor(most) - head) };
}

class Pen {
  text = "";
  room: number;
  cut = false;
  labelled = false;
  readonly tables: string[] = [];
  readonly #limits: Cut;

  constructor(limits: Cut, room: number) {
    this.#limits = limits;
    this.room = room;
  }

  write(value: ExactJson, level: number): void {
    if (this.room < 0) return;
    if (typeof value === "string") this.#put(this.#string(value));
    else if (typeof value !== "object" || value === null) this.#put(String(value));
    else if (Array.isArray(value)) this.#list(value, level);
    else this.#object(value, level);
  }

  /** As a table of its own, where that is smaller. */
  tableOf(value: ExactJson): ReturnType<typeof toTable> {
    if (!Array.isArray(value) || value.length < 2) return undefined;
    const { head, tail } = ends(value.length, this.#limits.items);
    if ((head + tail) * leastOf(value, head, this.#limits.keys) > this.room) {
      this.room = -1;
      return undefined;
    }
    const shown = [...value.slice(0, head), ...value.slice(value.length - tail)];
    if (shown.length < 2 || !shown.every(isFields)) return undefined;
    const table = toTable(shown, {
      count: value.length,
      head,
      mostColumns: this.#limits.keys,
      room: this.room,
      bare: this.#limits.quoted !== true,
      cell: (each) => this.#cell(each),
    });
    if (table !== undefined && shown.length < value.length) this.cut = true;
    return table;
  }

  #put(text: string): void {
    this.text += text;
    this.room -= text.length;
  }

  #cell(value: ExactJson): string {
    if (typeof value === "string") return this.#string(value);
    if (typeof value !== "object" || value === null) return String(value);
    const inner = new Pen(this.#limits, Math.max(0, this.room));
    inner.write(value, deepestTable + 1);
    this.cut ||= inner.cut;
    this.labelled ||= inner.labelled;
    return inner.text;
  }

  #list(items: readonly ExactJson[], level: number): void {
    if (level >= this.#limits.levels && items.length > 0) return this.#shape(items.length, "[]", "items");
    const table =
      level > 0 && level <= deepestTable && this.tables.length < mostTables
        ? this.tableOf(items as ExactJson[])
        : undefined;
    if (table !== undefined) {
      const name = `table ${this.tables.length + 1}`;
      this.tables.push(`${name}, ${table.heading}:\n${table.text}`);
      this.room -= table.text.length;
      return this.#put(name);
    }
    const { head, tail } = ends(items.length, this.#limits.items);
    this.#put("[");
    for (let at = 0; at < head && this.room >= 0; at += 1) {
      if (at > 0) this.#put(",");
      this.write(items[at] ?? null, level + 1);
    }
    if (head + tail < items.length) this.#gap(items.length - head - tail, "items");
    for (let at = items.length - tail; at < items.length && this.room >= 0; at += 1) {
      this.#put(",");
      this.write(items[at] ?? null, level + 1);
    }
    this.#put("]");
  }

  #object(value: Fields, level: number): void {
    const keys = Object.keys(value);
    if (level >= this.#limits.levels && keys.length > 0) return this.#shape(keys.length, "{}", "keys");
    const shown = Math.min(keys.length, this.#limits.keys);
    this.#put("{");
    for (let at = 0; at < shown && this.room >= 0; at += 1) {
      const key = keys[at] ?? "";
      this.#put(`${at > 0 ? "," : ""}${this.#string(key)}:`);
      this.write(value[key] ?? null, level + 1);
    }
    if (shown < keys.length) this.#gap(keys.length - shown, "keys");
    this.#put("}");
  }

  #gap(count: number, what: string): void {
    this.cut = true;
    this.#put(`,${gapMark(count, what)}`);
  }

  #shape(count: number, [open, close]: string | readonly string[], what: string): void {
    this.cut = true;
    this.#put(`${open}… ${countToText(count)} ${count === 1 ? what.slice(0, -1) : what} …${close}`);
  }

  #string(text: string): string {
    const most = this.#limits.characters;
    if (text.length > longString && text.includes(";base64,")) {
      const parts = labelBytes(text);
      if (parts.length <= mostParts) return this.#join(parts);
    }
    if (most === Infinity && text.length > this.room) {
      this.room = -1;
      return "";
    }
    const label = text.length > longString ? labelOfWhole(text) : undefined;
    if (label !== undefined) {
      this.labelled = true;
      return label;
    }
    if (text.length <= Math.max(most, longString)) return this.#join(labelBytes(text));
    // Of a long text only what is shown is looked at.
    this.cut = true;
    const { head, tail } = ends(text.length, most);
    const first = wellFormedHead(text.slice(0, head));
    const last = wellFormedTail(text.slice(text.length - tail));
    const mark = gapMark(text.length - first.length - last.length, "characters");
    return `${this.#join(labelBytes(first))} ${mark}${last === "" ? "" : ` ${this.#join(labelBytes(last))}`}`;
  }

  #join(parts: ReturnType<typeof labelBytes>): string {
    const pieces: string[] = [];
    for (const part of parts) {
      if ("label" in part) this.labelled = true;
      pieces.push("label" in part ? part.label : this.#shortened(part.text));
    }
    return pieces.join(" ");
  }

  #shortened(text: string): string {
    const most = this.#limits.characters;
    if (text.length <= most) return quote(text);
    this.cut = true;
    const { head, tail } = ends(text.length, most);
    const first = wellFormedHead(text.slice(0, head));
    const last = tail < 4 ? "" : wellFormedTail(text.slice(text.length - tail));
    const mark = gapMark(text.length - first.length - last.length, "characters");
    return last === "" ? `${quote(first)} ${mark}` : `${quote(first)} ${mark} ${quote(last)}`;
  }
}

function quote(text: string): string {
  return isPrintable(text) && !/["\\]/.test(text)
    ? `"${text}"`
    : escapeHidden(JSON.stringify(text), { text: "prose" });
}

/** Characters that an item takes at least, as far as the first, the last and one between them show. */
function leastOf(items: readonly ExactJson[], head: number, keys: number): number {
  const seen = [items[0], items[head >> 1], items.at(-1)].map((item) =>
    isFields(item ?? null) ? Math.max(2, Math.min(keys, Object.keys(item ?? {}).length) * 2) : 1,
  );
  return Math.min(...seen);
}

function isFields(value: ExactJson): value is { [key: string]: ExactJson } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
