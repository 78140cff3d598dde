/**
 * Finds the files beside a configuration that its commands run, as far as their names are written somewhere: in a
 * command, its arguments and environment, and in the files found so. What a program reads by a name that it makes up
 * cannot be known.
 */
import { readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import type { Config } from "../config/config-schema.ts";
import { expandVariables } from "../config/expand-variables.ts";
import type { Environment } from "../config/expand-variables.ts";
import { classifySettings } from "./classify-settings.ts";
import { filesNamed, isFile, isFolder, looksRun, mayBeNamed } from "./files-named.ts";
import type { Listings } from "./files-named.ts";
import { interpreters, manifests } from "./program-kinds.ts";

export interface RunFiles {
  /** Relative to the folder, in order. */
  readonly paths: readonly string[];
  /** False where there were more than are looked at. */
  readonly complete: boolean;
}

export interface RunFilesPlace {
  /** The folder of the configuration. */
  readonly folder: string;
  readonly env: Environment;
}

const mostFiles = 500;
/** Larger ones are watched as well, but not read for further names. */
const maxReadBytes = 2 ** 20;
const mostWords = 20_000;

/** Nothing is run and nothing is written. */
export function findRunFiles(config: Config, { folder, env }: RunFilesPlace): RunFiles {
  const found = new Set<string>();
  const open: string[] = [];
  const roots = new Set([folder]);
  const listings: Listings = new Map();
  let complete = true;
  const add = (file: string): void => {
    if (found.has(file)) return;
    if (found.size >= mostFiles) complete = false;
    else found.add(file);
    if (complete) open.push(file);
  };
  for (const command of commandsOf(config, { folder, env })) {
    roots.add(command.cwd);
    for (const file of filesOfCommand(command, folder, roots)) add(file);
  }
  for (const file of documentsOf(config.utcp, "manual", folder)) add(file);
  while (open.length > 0) {
    const file = open.pop() ?? "";
    // A package that is installed names thousands of files, all of which come with its version.
    if (file.split(sep).includes("node_modules")) continue;
    for (const word of wordsIn(file)) {
      for (const root of new Set([dirname(file), ...roots])) {
        if (!mayBeNamed(word, root, listings)) continue;
        for (const named of filesNamed(word, root))
          if (isInside(named, folder) && looksRun(named)) add(named);
      }
    }
  }
  // Where requests go is said in it; what it mentions is not run.
  for (const file of documentsOf(config.openapi, "spec", folder)) found.add(file);
  return { paths: [...found].map((file) => relative(folder, file)).sort(), complete };
}

interface Command {
  readonly words: readonly string[];
  /** Values of its environment, which may name what it loads. */
  readonly settings: readonly string[];
  readonly cwd: string;
}

/** Every command of the configuration: of servers with their arguments and environment, and of secrets. */
function commandsOf(config: Config, { folder, env }: RunFilesPlace): Command[] {
  const expand = (text: string): string => {
    const expansion = expandVariables(text, env);
    return expansion.ok ? expansion.text : text;
  };
  const servers = Object.values(config.mcpServers ?? {})
    .filter((entry) => entry.command !== undefined && entry.disabled !== true)
    .map(({ command = "", args = [], env: settings = {}, cwd = "." }) => ({
      words: [command, ...args].map(expand),
      settings: Object.values(settings).map(expand),
      cwd: resolve(folder, expand(cwd)),
    }));
  const printing = classifySettings(config)
    .filter(({ kind, path }) => kind === "start" && path.at(-1) === "command")
    .flatMap(({ value }) =>
      Array.isArray(value)
        ? [{ words: value.map((word) => expand(String(word))), settings: [], cwd: folder }]
        : [],
    );
  return [...servers, ...printing];
}

/** Documents that say where secrets go, or which commands are run. */
function documentsOf<K extends string>(
  entries: { readonly [name: string]: { readonly [key in K]: string } } | undefined,
  key: K,
  folder: string,
): string[] {
  const named = Object.values(entries ?? {}).flatMap((entry) => filesNamed(entry[key], folder));
  return named.filter((file) => isInside(file, folder));
}

/** Folders that the command names are added to the roots, below which names are looked up as well. */
function* filesOfCommand(
  { words, settings, cwd }: Command,
  folder: string,
  roots: Set<string>,
): Generator<string> {
  const program = basename(words[0] ?? "");
  const read = manifests.filter(([runner]) => runner.test(program)).flatMap(([, names]) => names);
  yield* read.map((name) => join(cwd, name)).filter(isFile);
  let script = interpreters.test(program);
  for (const [at, word] of [...words, ...settings].entries()) {
    for (const part of partsOf(word)) {
      const path = resolve(cwd, part);
      if (isAbsolute(part) && !isInside(path, folder)) continue;
      const bin = join(cwd, "node_modules", ".bin", part);
      if (isFile(bin)) yield bin;
      const isScript = at === 0 || (script && at < words.length);
      if (isFolder(path)) {
        roots.add(path);
        yield* read.map((name) => join(path, name)).filter(isFile);
        if (!isScript) continue;
      }
      // Of what an interpreter is given, the first file is its program, whatever it is called.
      const files = filesNamed(part, cwd).filter((file) => isScript || looksRun(file));
      yield* files;
      if (at > 0 && files.length > 0) script = false;
    }
  }
}

function* wordsIn(file: string): Generator<string> {
  if (statSync(file).size > maxReadBytes) return;
  const text = readFileSync(file, "utf8");
  if (text.includes("\0")) return;
  let count = 0;
  for (const word of new Set(text.match(/[\p{L}\p{N}_.@~/\\+-]+/gu) ?? [])) {
    count += 1;
    if (count > mostWords) return;
    yield word;
  }
}

/** A word, and what stands in it between the marks of a shell. */
function partsOf(word: string): string[] {
  return [...new Set([word, ...word.split(/[\s"'`=,;:|&<>(){}]+/)])].filter((part) => part !== "");
}

/** By where it is said to be, or where it really is: a link is no way out of being watched. */
function isInside(path: string, folder: string): boolean {
  const below = (from: string, to: string): boolean => {
    const way = relative(from, to);
    return way !== ".." && !way.startsWith(`..${sep}`) && !way.startsWith(sep);
  };
  if (below(folder, path)) return true;
  try {
    return below(realpathSync(folder), realpathSync(path));
  } catch {
    return false;
  }
}
