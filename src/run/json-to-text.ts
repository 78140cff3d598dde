/**
 * Renders JSON as compact text within a token budget. What is too large is cut by structure: first items of
 * lists with the number left out, first characters of strings, deep levels as their shape.
 */
import { estimateTokens } from "../estimate-tokens.ts";
import type { Json } from "../spec/value.ts";

interface Cut {
  readonly items: number;
  readonly keys: number;
  readonly characters: number;
  readonly levels: number;
}

/** From mild to harsh; the first one that fits is taken. */
const cuts: readonly Cut[] = [
  { items: 100, keys: 200, characters: 4_000, levels: 12 },
  { items: 50, keys: 100, characters: 1_000, levels: 8 },
  { items: 20, keys: 60, characters: 400, levels: 6 },
  { items: 10, keys: 40, characters: 200, levels: 5 },
  { items: 5, keys: 30, characters: 100, levels: 4 },
  { items: 3, keys: 20, characters: 60, levels: 3 },
  { items: 1, keys: 10, characters: 30, levels: 2 },
  { items: 1, keys: 4, characters: 12, levels: 1 },
];

/** A string is shown as it is, everything else as JSON; `…` marks what was cut. */
export function jsonToText(value: Json, tokens: number): string {
  const whole = fits(value, tokens);
  if (whole !== undefined) return whole;
  const note = "Cut to fit; return less: filter, map to the fields needed, or aggregate.";
  const budget = tokens - estimateTokens(note) - 2;
  if (typeof value === "string")
    return `${value.slice(0, Math.max(0, Math.floor(budget * 2)))}…\n(${value.length} characters. ${note})`;
  for (const cut of cuts) {
    const text = JSON.stringify(cutJson(value, cut, 0));
    if (text.length < budget * 8 && estimateTokens(text) <= budget) return `${text}\n(${note})`;
  }
  return `${shapeOf(value)}\n(${note})`;
}

/** The whole text when it fits; a text of eight characters a token certainly does not, and is not made. */
function fits(value: Json, tokens: number): string | undefined {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length <= tokens * 8 && estimateTokens(text) <= tokens ? text : undefined;
}

function cutJson(value: Json, cut: Cut, level: number): Json {
  if (typeof value === "string") {
    return value.length <= cut.characters
      ? value
      : `${value.slice(0, cut.characters)}… (${value.length} characters)`;
  }
  if (typeof value !== "object" || value === null) return value;
  if (level >= cut.levels) return shapeOf(value);
  if (Array.isArray(value)) {
    const head = value.slice(0, cut.items).map((each) => cutJson(each, cut, level + 1));
    return value.length > cut.items ? [...head, `… ${value.length - cut.items} more items`] : head;
  }
  const entries = Object.entries(value);
  const kept = entries
    .slice(0, cut.keys)
    .map(([key, each]): [string, Json] => [key, cutJson(each, cut, level + 1)]);
  if (entries.length > cut.keys) kept.push(["…", `${entries.length - cut.keys} more keys`]);
  return Object.fromEntries(kept);
}

function shapeOf(value: Json): string {
  if (Array.isArray(value)) return `… list of ${value.length}`;
  if (typeof value === "object" && value !== null) return `… object of ${Object.keys(value).length} keys`;
  return typeof value;
}
