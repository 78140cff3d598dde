/**
 * Runs the regular expressions of strangers' schemas in an engine whose time is linear in the text, so that
 * `^(a+)+$` cannot block the host. What that engine cannot express (look-ahead, back references) is not
 * enforced; `schema-issues.ts` lists it.
 */
import { RE2JS } from "re2js";

export interface LinearPattern {
  /** Whether the pattern is found anywhere in `text` (JSON Schema patterns are not anchored). */
  test(text: string): boolean;
  /** Steps that a test of a text costs at worst, per character of the text. */
  readonly costPerCharacter: number;
}

const maxPatternLength = 4_096;
const maxRepeat = 1_000;
const maxKept = 2_000;
const kept = new Map<string, LinearPattern | undefined>();

/** `undefined` when the pattern is not a regular expression or has no linear-time equivalent. */
export function compilePattern(pattern: string): LinearPattern | undefined {
  if (kept.has(pattern)) return kept.get(pattern);
  const compiled = pattern.length > maxPatternLength ? undefined : compile(pattern);
  if (kept.size >= maxKept) kept.clear();
  kept.set(pattern, compiled);
  return compiled;
}

function compile(pattern: string): LinearPattern | undefined {
  try {
    const compiled = RE2JS.compile(RE2JS.translateRegExp(withinRepeatLimit(pattern)), RE2JS.LOOKBEHINDS);
    const size = compiled.programSize();
    return { test: (text) => compiled.test(text), costPerCharacter: 1 + Math.ceil(size / 50) };
  } catch {
    return undefined;
  }
}

/**
 * The engine counts to 1,000. A larger bound (`{1,4096}` is common) becomes an open one: the pattern then
 * accepts somewhat longer texts, and never refuses one that the original accepts.
 */
function withinRepeatLimit(pattern: string): string {
  return pattern.replaceAll(/\\.|\{\d+(?:,\d*)?\}/gs, (part) => {
    if (part.startsWith("\\")) return part;
    const [low = "0", high] = part.slice(1, -1).split(",");
    const least = Number(low);
    const most = high === undefined ? least : Number(high);
    return Math.max(least, most) <= maxRepeat ? part : `{${Math.min(least, maxRepeat)},}`;
  });
}
