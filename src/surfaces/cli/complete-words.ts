/**
 * What may stand next on a command line of `codemode`: commands, their flags, tools and the flags of one. Never
 * asks a person anything, and never fails: a line that cannot be completed has no candidates.
 */
import { beginningWith, completeFlags } from "../../client/complete-flags.ts";
import type { CliCommand, CliContext } from "./cli-command.ts";
import { flagsOf } from "./tool-commands.ts";
import { withCodemode } from "./with-codemode.ts";

/** Commands whose word after them is a tool's path. */
const takePath = new Set(["call", "describe", "types"]);
/** Milliseconds; a shell that waits longer is a nuisance. */
const patience = 5_000;

/** The last word, perhaps empty, is the one being typed. */
export async function completeWords(
  words: readonly string[],
  context: CliContext,
): Promise<readonly string[]> {
  const typed = words.at(-1) ?? "";
  const [name = "", ...rest] = words;
  if (words.length <= 1) return beginningWith(typed, context.commands.names);
  const command = await context.commands.load(name);
  if (command === undefined) return [];
  const flags = commandFlags(command);
  const before = words.at(-2) ?? "";
  const path = rest.slice(0, -1).find((word, at) => !word.startsWith("-") && rest[at - 1] !== "--config");
  if (!takePath.has(name) || (path === undefined && typed.startsWith("-")))
    return beginningWith(typed, flags);
  if (before === "--config" || (path !== undefined && name !== "call")) return beginningWith(typed, flags);
  return await fromCatalog({ path, rest, flags }, context).catch(() => []);
}

interface CallLine {
  readonly path: string | undefined;
  readonly rest: readonly string[];
  readonly flags: readonly string[];
}

async function fromCatalog(
  { path, rest, flags }: CallLine,
  { terminal, ...context }: CliContext,
): Promise<readonly string[]> {
  const { ask: _ask, read: _read, readHidden: _readHidden, ...silent } = terminal;
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(patience)]);
  const config = rest[rest.indexOf("--config") + 1];
  const options = { config: rest.includes("--config") ? config : undefined, logLevel: "silent" } as const;
  return withCodemode({ ...context, signal, terminal: silent }, options, async ({ codemode }) => {
    const catalog = await codemode.catalog({ signal });
    const typed = rest.at(-1) ?? "";
    if (path === undefined) return nextSegment(typed, [...catalog.tools.keys()]);
    return completeFlags(rest.slice(rest.indexOf(path) + 1), flagsOf(catalog, path), flags);
  });
}

/** `git` → `github.`, then `github.issues.`, then the tools: one level at a time. */
function nextSegment(typed: string, paths: readonly string[]): readonly string[] {
  const depth = typed.split(".").length;
  const next = paths
    .filter((path) => path.startsWith(typed))
    .map((path) => {
      const segments = path.split(".");
      return segments.length > depth ? `${segments.slice(0, depth).join(".")}.` : path;
    });
  return beginningWith(typed, [...new Set(next)]);
}

function commandFlags({ args }: CliCommand): readonly string[] {
  return Object.entries(args).flatMap(([name, { type }]) => (type === "positional" ? [] : [`--${name}`]));
}
