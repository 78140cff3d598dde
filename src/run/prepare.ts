/**
 * Makes a program of what the model sent: recovers the intent, strips types, and keeps the way back to the
 * model's own lines and columns. The type check itself is done by the checker on `typescript`.
 */
import { Buffer } from "node:buffer";
import { CodemodeError } from "../errors.ts";
import type { Limits } from "../spec/limits.ts";
import { toCodeBlocks, toFirstBlock } from "./code-blocks.ts";
import { hoistImports } from "./hoist-imports.ts";
import { isInForce, replayRules, rulesVersion } from "./replay-rules.ts";
import { recoverIntent, type EntryCall } from "./recover-intent.ts";
import { editText, type Position } from "./snippet-text.ts";
import { stripTypes } from "./strip-types.ts";

export interface PreparedSnippet {
  /** A module whose default export is the program, for the engine. */
  readonly javascript: string;
  /** The same with types, for the checker. */
  readonly typescript: string;
  /** From a position in either text to the model's own. */
  toOriginal(position: Position): Position;
  /** Specifiers of the modules that it imports. */
  readonly imported: readonly string[];
  /** Sources whose name occurs in the text: all that the check needs to know. */
  mentions(source: string): boolean;
}

export interface PrepareOptions {
  /** Modules that it may import: specifier → file name in the engine. Default: none. */
  readonly files?: ReadonlyMap<string, string>;
  /** Stands before everything else, on the first line. Default: nothing. */
  readonly header?: string;
  /** `snippet` (default) is run once with nothing, `saved` is called with its input. */
  readonly form?: "snippet" | "saved";
  /** Version of the replay rules that the run was begun with. Default: the present one. */
  readonly rules?: number | undefined;
}

const prefixes = { snippet: "export default async () => {", saved: "export default async (input) => {" };
const typedPrefixes = { ...prefixes, saved: "export default async (input: any) => {" };
const calls: { readonly [form in "snippet" | "saved"]: EntryCall } = {
  snippet: { first: "tools, codemode", pattern: "{ tools, codemode }" },
  saved: { first: "input", pattern: "input" },
};
const noFiles: ReadonlyMap<string, string> = new Map();
const bodyPrefix = "async () => {";
const suffix = "\n}";
const maxNesting = 1_000;

/** Throws `snippet_too_large`, `snippet_empty` and `snippet_syntax`, with positions of the model's own. */
export function prepareSnippet(
  code: string,
  limits: Pick<Limits, "snippetBytes">,
  { files = noFiles, header = "", form = "snippet", ...options }: PrepareOptions = {},
): PreparedSnippet {
  const bytes = Buffer.byteLength(code);
  if (bytes > limits.snippetBytes) {
    throw new CodemodeError(
      "snippet_too_large",
      `The snippet has ${bytes} bytes; at most ${limits.snippetBytes} are taken.`,
      {
        hint: "Fetch data by tools inside the snippet instead of pasting it into the code.",
      },
    );
  }
  // Absent says "now" to a caller that begins something, and "before there were versions" in a run's record.
  const rules = "rules" in options ? options.rules : rulesVersion;
  const wholeProgram = isInForce(replayRules.meansWholeProgram, rules);
  const { source: unfenced, blocks } = wholeProgram ? toCodeBlocks(code, isProgram) : toFirstBlock(code);
  const hoisted = hoistImports(unfenced, files);
  const { source } = hoisted;
  if (source.trim() === "")
    throw new CodemodeError("snippet_empty", "There is no code to run.", {
      hint: "Send a program: call tools and return what is wanted.",
    });
  refuseNesting(source);
  const stripped = stripSnippet(source);
  const blockEnds = blocks.slice(0, -1).map(({ end }) => end);
  const edits = recoverIntent(stripped.javascript, { call: calls[form], blockEnds, wholeProgram });
  const javascript = editText(stripped.javascript, edits, header + hoisted.javascript + prefixes[form]);
  const typescript = editText(stripped.typescript, edits, hoisted.typescript + typedPrefixes[form]);
  return {
    javascript: javascript.text + suffix,
    typescript: typescript.text + suffix,
    toOriginal: (position) => javascript.toOriginal(position),
    imported: hoisted.imported,
    mentions: (name) => source.includes(name),
  };
}

function isProgram(source: string): boolean {
  try {
    refuseNesting(source);
    stripSnippet(source);
    return true;
  } catch {
    return false;
  }
}

/** Strips as a function body first (`return` and `await` are then allowed), as a module where it has exports. */
function stripSnippet(source: string): { readonly typescript: string; readonly javascript: string } {
  if (/^\s*(?:export|import)\b(?!\s*[.(])/m.test(source)) {
    try {
      return { typescript: source, javascript: stripTypes(source) };
    } catch (error) {
      if (!(error instanceof CodemodeError) || !/Return statement/.test(error.message)) throw error;
    }
  }
  // `export` beside a `return` is neither a module nor a body: the keyword is what the model did not mean.
  const body = source.replaceAll(
    /^([ \t]*)export(?=\s+(?:async|function|const|let|var|class|type|interface)\b)/gm,
    "$1      ",
  );
  try {
    const javascript = stripTypes(bodyPrefix + body + suffix).slice(bodyPrefix.length, -suffix.length);
    return { typescript: body, javascript };
  } catch (error) {
    throw error instanceof CodemodeError ? shiftFirstLine(error, source) : error;
  }
}

function shiftFirstLine(error: CodemodeError, source: string): CodemodeError {
  const { line, column } = error;
  if (line === undefined || column === undefined) return error;
  const lines = source.split("\n");
  const at = {
    line: Math.min(line, lines.length),
    column: line === 1 ? Math.max(1, column - bodyPrefix.length) : column,
  };
  const ended = line > lines.length;
  return new CodemodeError(
    error.code,
    ended ? `The code ends too early: ${lowerFirst(error.message)}` : error.message,
    {
      ...at,
      ...(ended ? { column: (lines.at(-1)?.length ?? 0) + 1 } : {}),
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      cause: error,
    },
  );
}

/** Parsers recurse: a bound here keeps their stacks flat, whatever the brackets stand in. */
function refuseNesting(source: string): void {
  let depth = 0;
  for (let at = 0; at < source.length; at += 1) {
    const char = source.charCodeAt(at);
    if (char === 40 || char === 91 || char === 123) depth += 1;
    else if (char === 41 || char === 93 || char === 125) depth -= 1;
    if (depth > maxNesting)
      throw new CodemodeError("snippet_syntax", `The snippet nests brackets more than ${maxNesting} deep.`);
  }
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
