/**
 * A program whose commands are tools: finds the one that the words name, reads its flags, calls it through a
 * Code Mode server and prints the result as JSON. Exit codes: 0 done, 1 failed, 2 usage, 3 waits for a person.
 */
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { CodemodeError } from "../errors.ts";
import { commandHelp } from "./command-help.ts";
import { argumentsOf } from "../json/arguments-of.ts";
import { printExact } from "../json/print-exact.ts";
import type { SourceCommands, ToolCommand } from "./command-types.ts";
import { beginningWith, completeFlags } from "./complete-flags.ts";
import { completionScript, lineToWords, shells } from "./completion-script.ts";
import { createClient } from "./create-client.ts";
import { parseFlags } from "./parse-flags.ts";

/** A source and the file that has its commands. */
interface SourceEntry {
  readonly word: string;
  readonly about: string;
  readonly tools: number;
  readonly file: string;
}

interface Program {
  readonly name: string;
  readonly sources: readonly SourceEntry[];
  commandsOf(entry: SourceEntry): SourceCommands;
}

const further: readonly (readonly [string, string])[] = [
  ["--json <json|@file|->", "the arguments as JSON; flags add to them"],
  ["--url <url>", "the server. Default: CODEMODE_URL, then http://127.0.0.1:4000/mcp; token: CODEMODE_TOKEN"],
  ["--help", "this text"],
];
const furtherNames = ["--json", "--url", "--help"];

/** `folder` holds `program.json` and the commands. */
export async function runToolProgram(folder: URL, args: readonly string[]): Promise<number> {
  const program = readProgram(folder);
  try {
    return await run(program, args);
  } catch (thrown) {
    if (!(thrown instanceof CodemodeError)) throw thrown;
    process.stderr.write(`${thrown.code}: ${thrown.message}\n`);
    if (thrown.hint !== undefined) process.stderr.write(`${thrown.hint}\n`);
    if (thrown.code === "run_paused") return 3;
    return thrown.code === "usage" ? 2 : 1;
  }
}

function readProgram(folder: URL): Program {
  const read = (file: string): string => readFileSync(new URL(file, folder), "utf8");
  const { name, sources }: Pick<Program, "name" | "sources"> = JSON.parse(read("program.json"));
  return {
    name,
    sources,
    commandsOf({ file }) {
      const commands: SourceCommands = JSON.parse(read(`commands/${encodeURIComponent(file)}.json`));
      return commands;
    },
  };
}

async function run(program: Program, args: readonly string[]): Promise<number> {
  if (args[0] === "completion") return complete(program, args.slice(1));
  const end = args.indexOf("--");
  const asksHelp = args
    .slice(0, end === -1 ? undefined : end)
    .some((arg) => arg === "--help" || arg === "-h");
  const first = args.findIndex((arg) => arg.startsWith("-"));
  const words = args.slice(0, first === -1 ? undefined : first);
  const found = findCommand(program, words);
  if (typeof found === "string" || asksHelp) {
    const help =
      typeof found === "string"
        ? found
        : commandHelp({ ...found, usage: [program.name, ...words].join(" "), further });
    process[asksHelp ? "stdout" : "stderr"].write(help);
    return asksHelp ? 0 : 2;
  }
  const { own, rest } = takeOwnFlags(args.slice(words.length));
  const base = own.json === undefined ? {} : await readArguments(own.json);
  const url = own.url ?? process.env["CODEMODE_URL"] ?? "http://127.0.0.1:4000/mcp";
  const token = process.env["CODEMODE_TOKEN"];
  const client = createClient({ url, ...(token === undefined ? {} : { token }) });
  const result = await client.call(found.path, parseFlags(rest, found.flags, base));
  if (result !== undefined) process.stdout.write(`${printExact(result, 2)}\n`);
  return 0;
}

/** The command, or the help of what the words lead to. Throws `usage` when they lead nowhere. */
function findCommand(program: Program, words: readonly string[]): ToolCommand | string {
  const { name, sources } = program;
  const [word, ...below] = words;
  if (word === undefined) {
    return list(
      `Usage: ${name} <source> <tool> [flags], or ${name} completion ${shells.join("|")}`,
      sources.map(({ word: each, about, tools }) => [
        each,
        `${tools} tools${about === "" ? "" : `: ${about}`}`,
      ]),
    );
  }
  const entry = sources.find((source) => source.word === word);
  if (entry === undefined)
    throw noSuch(
      word,
      sources.map((source) => source.word),
    );
  const { tools } = program.commandsOf(entry);
  const command = tools.find((tool) => sameWords(tool.words, below));
  if (command !== undefined) return command;
  const inside = tools.filter((tool) => sameWords(tool.words.slice(0, below.length), below));
  if (inside.length === 0)
    throw noSuch(
      below.join(" "),
      tools.map((tool) => tool.words.join(" ")),
    );
  return list(
    `Usage: ${[name, ...words].join(" ")} <tool> [flags]`,
    inside.map((tool) => [tool.words.slice(below.length).join(" "), tool.about]),
  );
}

function complete(program: Program, [shell, flag, line]: readonly string[]): number {
  const known = shells.find((each) => each === shell);
  if (known !== undefined) {
    process.stdout.write(completionScript(known, program.name));
    return 0;
  }
  if (shell !== "words" || flag !== "--line" || line === undefined)
    throw new CodemodeError("usage", "completion needs the name of a shell.", {
      hint: `Write one of ${shells.join(", ")}.`,
    });
  const [, ...words] = lineToWords(line);
  process.stdout.write(
    candidates(program, words)
      .map((each) => `${each}\n`)
      .join(""),
  );
  return 0;
}

function candidates(program: Program, words: readonly string[]): readonly string[] {
  const typed = words.at(-1) ?? "";
  if (words.length <= 1)
    return beginningWith(typed, [...program.sources.map(({ word }) => word), "completion"]);
  const entry = program.sources.find(({ word }) => word === words[0]);
  if (entry === undefined) return [];
  const { tools } = program.commandsOf(entry);
  const below = words.slice(1);
  const command = tools.find(
    (tool) => below.length > tool.words.length && sameWords(tool.words, below.slice(0, tool.words.length)),
  );
  if (command !== undefined)
    return completeFlags(below.slice(command.words.length), command.flags, furtherNames);
  const depth = below.length - 1;
  const inside = tools.filter(
    (tool) => tool.words.length > depth && sameWords(tool.words.slice(0, depth), below.slice(0, depth)),
  );
  return beginningWith(typed, [...new Set(inside.map((tool) => tool.words[depth] ?? ""))]);
}

interface OwnFlags {
  json?: string;
  url?: string;
}

function takeOwnFlags(args: readonly string[]): { readonly own: OwnFlags; readonly rest: readonly string[] } {
  const own: OwnFlags = {};
  const rest: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const match = /^--(json|url)(?:=(.*))?$/s.exec(args[at] ?? "");
    if (match === null) {
      rest.push(args[at] ?? "");
      continue;
    }
    const value = match[2] ?? args[(at += 1)];
    if (value === undefined) throw new CodemodeError("usage", `--${match[1]} needs a value.`);
    own[match[1] === "json" ? "json" : "url"] = value;
  }
  return { own, rest };
}

async function readArguments(given: string): Promise<unknown> {
  try {
    if (given === "-") return argumentsOf(await text(process.stdin), "--json");
    return argumentsOf(given.startsWith("@") ? readFileSync(given.slice(1), "utf8") : given, "--json");
  } catch (cause) {
    if (cause instanceof CodemodeError) throw new CodemodeError("usage", cause.message, { cause });
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CodemodeError("usage", `--json cannot be read: ${reason}`, {
      cause,
      hint: 'Write --json \'{"name": "value"}\', --json @file or --json -.',
    });
  }
}

function list(usage: string, rows: readonly (readonly [string, string])[]): string {
  const width = Math.min(40, Math.max(0, ...rows.map(([word]) => word.length)));
  return `${usage}\n\n${rows.map(([word, about]) => `  ${word.padEnd(width)}  ${about}`.trimEnd()).join("\n")}\n`;
}

function noSuch(word: string, known: readonly string[]): CodemodeError {
  const near = known.filter(
    (each) => each.includes(word) || word.includes(each) || each.slice(0, 4) === word.slice(0, 4),
  );
  return new CodemodeError("usage", `There is nothing called ${JSON.stringify(word)}.`, {
    hint: near.length === 0 ? "See --help." : `Did you mean ${near.slice(0, 3).join(", or ")}?`,
  });
}

function sameWords(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((word, at) => word === b[at]);
}
