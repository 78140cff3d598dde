/**
 * Reads the arguments of one command strictly: an unknown flag, a flag without its value or a word too many
 * is a mistake worth naming, never silently ignored.
 */
import { parseArgs } from "citty";
import type { ArgsDef, ParsedArgs } from "citty";
import { CodemodeError } from "../../errors.ts";
import { nearest } from "../../nearest.ts";

/** Throws `usage`. */
export function parseCommandLine<T extends ArgsDef>(
  rawArgs: readonly string[],
  definitions: T,
): ParsedArgs<T> {
  const flags = flagsOf(definitions);
  const words: string[] = [];
  for (let index = 0; index < rawArgs.length; index += 1) {
    const arg = rawArgs[index] ?? "";
    if (arg === "--") {
      words.push(...rawArgs.slice(index + 1));
      break;
    }
    if (!arg.startsWith("-") || arg === "-") {
      words.push(arg);
      continue;
    }
    const [name, value] = splitFlag(arg);
    const takesValue = flags.get(name);
    if (takesValue === undefined) throw unknownFlag(name, flags.keys());
    if (!takesValue || value !== undefined) continue;
    index += 1;
    const next = rawArgs[index];
    if (next === undefined || flags.has(next))
      throw new CodemodeError("usage", `${name} needs a value.`, { hint: `Write ${name} <value>.` });
  }
  refuseExtraWords(words, definitions);
  try {
    return parseArgs<T>([...rawArgs], definitions);
  } catch (cause) {
    throw new CodemodeError(
      "usage",
      `${cause instanceof Error ? cause.message : String(cause)}.`.replace(/\.\.$/, "."),
      { cause },
    );
  }
}

/** Every spelling of every flag, and whether a value follows it. */
function flagsOf(definitions: ArgsDef): Map<string, boolean> {
  const flags = new Map<string, boolean>();
  for (const [name, definition] of Object.entries(definitions)) {
    if (definition.type === "positional") continue;
    const takesValue = definition.type !== "boolean";
    flags.set(`--${name}`, takesValue);
    if (!takesValue && definition.default === true) flags.set(`--no-${name}`, false);
    const alias = "alias" in definition ? definition.alias : undefined;
    for (const short of [alias ?? []].flat())
      flags.set(short.length === 1 ? `-${short}` : `--${short}`, takesValue);
  }
  return flags;
}

function splitFlag(arg: string): [string, string | undefined] {
  const at = arg.indexOf("=");
  return at === -1 ? [arg, undefined] : [arg.slice(0, at), arg.slice(at + 1)];
}

function unknownFlag(name: string, known: Iterable<string>): CodemodeError {
  const meant = nearest(name, known, 1)[0];
  return new CodemodeError("usage", `${name} is no flag of this command.`, {
    hint: meant === undefined ? "See --help." : `Did you mean ${meant}?`,
  });
}

function refuseExtraWords(words: readonly string[], definitions: ArgsDef): void {
  const places = Object.values(definitions).filter((definition) => definition.type === "positional").length;
  const extra = words[places];
  if (extra === undefined) return;
  throw new CodemodeError("usage", `${JSON.stringify(extra)} is one word too many.`, {
    hint: "Quote what belongs together, or see --help.",
  });
}
