/**
 * Words of a command line → the arguments of a tool, by its flags. A flag that does not exist, a value that is
 * none of those there are, or a word too many is a mistake worth naming. What the schema demands beyond that is
 * checked where the call is made.
 */
import { CodemodeError } from "../errors.ts";
import { argumentsOf } from "../json/arguments-of.ts";
import { readLiteral } from "../json/read-literal.ts";
import type { ToolFlag } from "./command-types.ts";

/** A tool's arguments; every property its own, whatever it is called. */
export interface ToolArguments {
  [name: string]: unknown;
}

/** `base` is what was given as JSON; flags add to it and win over it. Throws `usage`. */
export function parseFlags(
  words: readonly string[],
  flags: readonly ToolFlag[],
  base: unknown = {},
): ToolArguments {
  if (!isArguments(base))
    throw usage("The arguments must be one JSON object.", 'Write \'{"name": "value"}\'.');
  const args = structuredClone(base);
  const listed = new Map<ToolFlag, unknown[]>();
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    if (!word.startsWith("--") || word === "--")
      throw usage(
        `${JSON.stringify(word)} is one word too many.`,
        "Quote what belongs together, or see --help.",
      );
    const [name, inline] = splitFlag(word.slice(2));
    const negated = name.startsWith("no-") ? findFlag(name.slice(3), flags) : undefined;
    const flag = findFlag(name, flags) ?? (negated?.kind === "boolean" ? negated : undefined);
    if (flag === undefined) throw unknownFlag(name, flags);
    const isSwitch = flag.kind === "boolean" && flag.list !== true && inline === undefined;
    const text = inline ?? (isSwitch ? String(flag !== negated) : words[(at += 1)]);
    if (text === undefined)
      throw usage(`--${name} needs a value.`, `Write --${name} <${placeholder(flag)}>.`);
    const value = toValue(text, flag);
    if (flag.list !== true) setAt(args, flag, value);
    else {
      const items = listed.get(flag) ?? [];
      listed.set(flag, items);
      items.push(...(flag.kind === "json" && Array.isArray(value) ? value : [value]));
    }
  }
  for (const [flag, items] of listed) setAt(args, flag, items);
  const missing = flags.filter(({ required, path }) => required === true && !hasAt(args, path));
  if (missing.length === 0) return args;
  throw usage(
    `${missing.map(({ name }) => `--${name}`).join(" and ")} must be given.`,
    `Add ${missing.map((flag) => `--${flag.name} <${placeholder(flag)}>`).join(" ")}, or see --help.`,
  );
}

/** What stands for a flag's value in a help text: `open|closed`, `number`, `json`. */
export function placeholder({ kind, values }: ToolFlag): string {
  if (values === undefined) return kind === "any" ? "value" : kind;
  const shown = values.slice(0, 8).map(String).join("|");
  return values.length > 8 ? `${shown}|…` : shown;
}

/** By its name, or by the names of the properties as the tool has them. */
export function findFlag(name: string, flags: readonly ToolFlag[]): ToolFlag | undefined {
  return flags.find((flag) => flag.name === name) ?? flags.find((flag) => flag.path.join(".") === name);
}

function splitFlag(text: string): [string, string | undefined] {
  const at = text.indexOf("=");
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function toValue(text: string, flag: ToolFlag): unknown {
  const { name, kind, values } = flag;
  if (values !== undefined) {
    const found = values.find((value) => String(value) === text);
    if (found !== undefined) return found;
    throw usage(
      `--${name} cannot be ${JSON.stringify(text)}.`,
      `Write one of ${values.slice(0, 40).map(String).join(", ")}.`,
    );
  }
  switch (kind) {
    case "text":
      return text;
    case "boolean":
      if (text === "true" || text === "false") return text === "true";
      throw usage(
        `--${name} is true or false, not ${JSON.stringify(text)}.`,
        `Write --${name} or --no-${name}.`,
      );
    case "number":
    case "integer": {
      const number = toNumber(text.trim());
      if (number === undefined)
        throw usage(
          `--${name} cannot be passed on exactly: ${JSON.stringify(text.slice(0, 60))} is too large, or has more digits than a double holds.`,
          `Write --${name} <${kind}> with at most 17 digits, or as an integer.`,
        );
      if (typeof number === "bigint") return number;
      if (Number.isFinite(number) && (kind === "number" || Number.isInteger(number))) return number;
      const what = kind === "integer" ? "a whole number" : "a number";
      throw usage(`--${name} must be ${what}, not ${JSON.stringify(text)}.`, `Write --${name} <${kind}>.`);
    }
    default:
      return toJson(text, flag);
  }
}

/** Not a number where the text is none; `undefined` where neither a number nor a bigint is exactly that. */
function toNumber(text: string): number | bigint | undefined {
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) {
    const read = readLiteral(text.replace(/^\+/, "").replace(/^(-?)\./, "$10."));
    return read.kind === "exact" ? read.value : undefined;
  }
  const number = text === "" ? Number.NaN : Number(text);
  return Number.isFinite(number) && !Number.isSafeInteger(number) ? undefined : number;
}

function toJson(text: string, { name, kind }: ToolFlag): unknown {
  try {
    return argumentsOf(text, `--${name}`);
  } catch (cause) {
    if (cause instanceof CodemodeError) throw usage(cause.message, `Write --${name} with fewer digits.`);
    if (kind === "any") return text;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw usage(`--${name} is not valid JSON: ${reason}.`, `Write --${name} '{"name": "value"}'.`);
  }
}

/** Defined rather than assigned: a property may be called like what objects inherit. */
function setAt(args: ToolArguments, { name, path }: ToolFlag, value: unknown): void {
  let at = args;
  for (const [depth, key] of path.entries()) {
    if (depth === path.length - 1) {
      Object.defineProperty(at, key, { value, enumerable: true, configurable: true, writable: true });
      return;
    }
    const inner = Object.hasOwn(at, key) ? at[key] : {};
    if (!isArguments(inner))
      throw usage(
        `--${name} lies within ${path.slice(0, depth + 1).join(".")}, which was given as no object.`,
        "Give it as JSON, or by its own flags.",
      );
    Object.defineProperty(at, key, { value: inner, enumerable: true, configurable: true, writable: true });
    at = inner;
  }
}

function hasAt(args: ToolArguments, path: readonly string[]): boolean {
  let at: unknown = args;
  for (const key of path) {
    if (!isArguments(at) || !Object.hasOwn(at, key)) return false;
    at = at[key];
  }
  return true;
}

function isArguments(value: unknown): value is ToolArguments {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function unknownFlag(name: string, flags: readonly ToolFlag[]): CodemodeError {
  const near = flags.filter((flag) => isNear(name, flag.name)).slice(0, 3);
  return usage(
    `--${name} is no flag of this tool.`,
    near.length === 0 ? "See --help." : `Did you mean ${near.map((flag) => `--${flag.name}`).join(" or ")}?`,
  );
}

/** One begins like the other, holds it, or has the same letters but for one or two. */
function isNear(name: string, other: string): boolean {
  const [a, b] = [name, other].map((each) => each.toLowerCase().replaceAll(/[^a-z0-9]/g, ""));
  if (a === undefined || b === undefined || a === "" || b === "") return false;
  if (a.includes(b) || b.includes(a) || a.slice(0, 4) === b.slice(0, 4)) return true;
  const letters = a.split("").filter((letter) => b.includes(letter)).length;
  return Math.abs(a.length - b.length) <= 2 && letters >= a.length - 1 && a[0] === b[0];
}

function usage(message: string, hint: string): CodemodeError {
  return new CodemodeError("usage", message, { hint });
}
