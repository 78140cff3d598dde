/**
 * Rewrites JSON text so that whoever parses it with `JSON.parse` loses no number: one that a double cannot hold becomes
 * a string with a mark before its digits. `restore-numbers.ts` makes numbers of these again. For parsers that are out of
 * reach, such as those of the MCP transports, and under our own.
 */
import { readLiteral } from "./read-literal.ts";

/** Nothing shorter, and without an exponent, has more digits than a double keeps. */
const suspicious = /\d[\d.]{15}|\d[eE][+-]?\d/;
const valid = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const shortest = 16;

const quote = 0x22;
const backslash = 0x5c;
const minus = 0x2d;

/** A mark that no text can hold whose author has not seen it. Letters, digits and `:`. */
export function newMark(): string {
  const words = globalThis.crypto.getRandomValues(new Uint32Array(3));
  return `n${Array.from(words, (word) => word.toString(36)).join("")}:`;
}

/** The same text where nothing in it needs a mark. Text that is no JSON may be changed as well; it stays none. */
export function markNumbers(text: string, mark: string): string {
  if (!suspicious.test(text)) return text;
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfString(text, at) + 1;
    else if (!isDigit(code) && code !== minus) at += 1;
    else {
      const start = at;
      while (at < text.length && isOfNumber(text.charCodeAt(at))) at += 1;
      const literal = text.slice(start, at);
      if (!isDelimited(text, start, at) || !needsMark(literal)) continue;
      parts.push(text.slice(from, start), `"${mark}${literal}"`);
      from = at;
    }
  }
  return parts.length === 0 ? text : parts.join("") + text.slice(from);
}

function needsMark(literal: string): boolean {
  if (literal.length < shortest && !/[eE]/.test(literal)) return false;
  if (!valid.test(literal)) return false;
  const read = readLiteral(literal);
  return read.kind === "inexact" || typeof read.value === "bigint";
}

/** The index of the quote that ends the string which begins at `start`, or the length of the text. */
export function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === backslash) slashes += 1;
    if (slashes % 2 === 0) return at;
  }
  return text.length;
}

/** Between what may stand around a value; anything else, such as an address, is no JSON. */
function isDelimited(text: string, start: number, end: number): boolean {
  return (
    (start === 0 || /[[:,\s]/.test(text.charAt(start - 1))) &&
    (end === text.length || /[\],}\s]/.test(text.charAt(end)))
  );
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** Digits, `+`, `-`, `.`, `e` and `E`. */
function isOfNumber(code: number): boolean {
  return isDigit(code) || code === minus || code === 0x2b || code === 0x2e || code === 0x65 || code === 0x45;
}
