/**
 * A tool on the command line of `codemode call`: its flags, its help, and the arguments that the words give.
 */
import { commandHelp } from "../../client/command-help.ts";
import type { ToolFlag } from "../../client/command-types.ts";
import { parseFlags } from "../../client/parse-flags.ts";
import { CodemodeError } from "../../errors.ts";
import { toolToFlags } from "../../generate/tool-to-flags.ts";
import { nearest } from "../../nearest.ts";
import type { Catalog, Tool } from "../../spec/tool.ts";
import type { Value } from "../../spec/value.ts";
import { toPlainText } from "./terminal.ts";

/** Flags of the command itself; a parameter of such a name gets `arg-` before it. */
export const callFlags = ["args", "config", "json", "log", "help"];

export function flagsOf(catalog: Catalog, path: string): readonly ToolFlag[] {
  const tool = findTool(catalog, path);
  const source = catalog.sources.find(({ name }) => name === tool.source);
  return source === undefined ? [] : toolToFlags(tool, source, callFlags);
}

/** Flags add to what `--args` gave. Throws `usage` and `tool_not_found`. */
export function wordsToArguments(
  words: readonly string[],
  { catalog, path, base }: { readonly catalog: Catalog; readonly path: string; readonly base: Value },
): Value {
  // JSON in, JSON out: every kind of flag gives what JSON has.
  return parseFlags(words, flagsOf(catalog, path), base) as Value;
}

export function toolHelp(catalog: Catalog, path: string): string {
  const { description, title = "", effect } = findTool(catalog, path);
  const text = commandHelp({
    usage: `codemode call ${path}`,
    about: (description === "" ? title : description).trim().slice(0, 2_000),
    effect,
    flags: flagsOf(catalog, path),
    further: [
      ["--args <json|@file|->", "the arguments as JSON; flags add to them"],
      ["--config <file>", "the configuration to use"],
      ["--json", "print the run document"],
    ],
  });
  return toPlainText(text);
}

function findTool({ tools }: Catalog, path: string): Tool {
  const tool = tools.get(path);
  if (tool !== undefined) return tool;
  const meant = nearest(path, tools.keys(), 1)[0];
  throw new CodemodeError("tool_not_found", `There is no tool ${JSON.stringify(path)}.`, {
    hint: meant === undefined ? "Find its path with codemode search." : `Did you mean ${meant}?`,
  });
}
