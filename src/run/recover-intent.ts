/**
 * Finds out what a model meant by the text it sent: a function body, an async arrow, `export default`, a
 * fenced block, or statements that end in a bare expression. Answers with edits to the text, so that every
 * position stays traceable to the model's own; it neither strips types nor checks them.
 */
import { parse, type Expression, type ModuleDeclaration, type Program, type Statement } from "acorn";
import { CodemodeError } from "../errors.ts";
import { findEntry } from "./find-entry.ts";
import type { Edit } from "./snippet-text.ts";

type Node = Statement | ModuleDeclaration;

/** Names a lone function is called by when nothing in the snippet calls it. */
const entryNames = new Set(["main", "run", "default", "handler", "execute"]);

/** What a lone function is called with, by what its first parameter looks like. */
export interface EntryCall {
  readonly first: string;
  /** For a parameter that is taken apart: `({ … }) =>`. */
  readonly pattern: string;
}

export interface IntentOptions {
  readonly call: EntryCall;
  /** Where the model's blocks of code end, but for the last: a program that returns before them is none. */
  readonly blockEnds: readonly number[];
  /** Whether functions that nothing calls are found wherever they are declared (`replayRules.meansWholeProgram`). */
  readonly wholeProgram: boolean;
}

/**
 * The edits that turn the snippet into the body of an async function that returns what was meant.
 * `javascript` is the snippet with types blanked out, so that offsets are those of the original text.
 * Throws `snippet_syntax` for imports and for what does not parse.
 */
export function recoverIntent(javascript: string, options: IntentOptions): readonly Edit[] {
  const { call, blockEnds } = options;
  const program = parseSnippet(javascript);
  refuseEarlyReturn(program.body, blockEnds, javascript);
  const edits: Edit[] = [];
  let exported = false;
  for (const node of program.body) exported = editModuleSyntax(node, edits, javascript) || exported;
  if (exported)
    return [
      ...edits,
      {
        at: javascript.length,
        remove: 0,
        text: `\nreturn typeof $main === "function" ? $main(${call.first}) : $main`,
      },
    ];
  if (hasReturn(program.body)) return edits;
  return [...edits, ...returnLast(program.body, javascript, options)];
}

/** What follows a block that returns would never run, though the model sees success. */
function refuseEarlyReturn(body: readonly Node[], blockEnds: readonly number[], text: string): void {
  const [firstEnd] = blockEnds;
  if (firstEnd === undefined) return;
  const early = body.find(
    (node) => node.type === "ReturnStatement" && node.end <= (blockEnds.at(-1) ?? firstEnd),
  );
  if (early === undefined) return;
  const before = text.slice(0, early.start).split("\n");
  throw new CodemodeError(
    "snippet_syntax",
    `The text has ${blockEnds.length + 1} blocks of code, and one that is not the last returns: what comes after it would not run. Nothing was run.`,
    {
      hint: "Send one program: put the blocks together and return once, at the end.",
      line: before.length,
      column: (before.at(-1)?.length ?? 0) + 1,
    },
  );
}

function parseSnippet(javascript: string): Program {
  try {
    return parse(javascript, {
      ecmaVersion: "latest",
      sourceType: "module",
      allowReturnOutsideFunction: true,
      allowAwaitOutsideFunction: true,
    });
  } catch (error) {
    throw toSyntaxError(error);
  }
}

function toSyntaxError(error: unknown): CodemodeError {
  if (error instanceof RangeError) return tooNested(error);
  const { message, loc } = error as { message: string; loc?: { line: number; column: number } };
  const text = message.replace(/ \(\d+:\d+\)$/, "");
  const position = loc === undefined ? {} : { line: loc.line, column: loc.column + 1 };
  return new CodemodeError("snippet_syntax", text, { ...position, cause: error });
}

export function tooNested(cause: unknown): CodemodeError {
  return new CodemodeError("snippet_syntax", "The snippet is nested too deeply to be parsed.", { cause });
}

/** Turns `export default X` into `var $main = (X)`, blanks other `export`s; true when a default was found. */
function editModuleSyntax(node: Node, edits: Edit[], text: string): boolean {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportAllDeclaration":
      throw importError(node, text);
    case "ExportNamedDeclaration":
      if (node.source) throw importError(node, text);
      edits.push(
        node.declaration
          ? {
              at: node.start,
              remove: node.declaration.start - node.start,
              text: "".padEnd(node.declaration.start - node.start),
            }
          : { at: node.start, remove: node.end - node.start, text: "".padEnd(node.end - node.start) },
      );
      return false;
    case "ExportDefaultDeclaration": {
      const start = node.declaration.start;
      const end = node.declaration.end;
      edits.push({
        at: node.start,
        remove: start - node.start,
        text: "var $main = (".padEnd(start - node.start),
      });
      edits.push({ at: end, remove: 0, text: ");" });
      return true;
    }
    default:
      return false;
  }
}

function importError(node: Node, text: string): CodemodeError {
  const before = text.slice(0, node.start).split("\n");
  return new CodemodeError("snippet_syntax", "A snippet cannot import modules.", {
    hint: "Everything it may use is global: tools.<source>.<name>(args), codemode.search(query), console and the web platform's own classes.",
    line: before.length,
    column: (before.at(-1)?.length ?? 0) + 1,
  });
}

/** Whether the snippet returns by itself, at its own level. */
function hasReturn(nodes: readonly Node[]): boolean {
  return nodes.some((node) => returnsIn(node));
}

function returnsIn(node: Node | null | undefined): boolean {
  if (!node) return false;
  switch (node.type) {
    case "ReturnStatement":
      return true;
    case "BlockStatement":
      return hasReturn(node.body);
    case "IfStatement":
      return returnsIn(node.consequent) || returnsIn(node.alternate);
    case "ForStatement":
    case "ForInStatement":
    case "ForOfStatement":
    case "WhileStatement":
    case "DoWhileStatement":
    case "LabeledStatement":
    case "WithStatement":
      return returnsIn(node.body);
    case "TryStatement":
      return hasReturn(node.block.body) || returnsIn(node.handler?.body) || returnsIn(node.finalizer);
    case "SwitchStatement":
      return node.cases.some((each) => hasReturn(each.consequent));
    default:
      return false;
  }
}

function returnLast(body: readonly Node[], text: string, { call, wholeProgram }: IntentOptions): Edit[] {
  const last = body.at(-1);
  if (last === undefined)
    throw new CodemodeError("snippet_empty", "The snippet has no statement.", {
      hint: "Send a program: call tools and return what is wanted.",
    });
  if (last.type === "ExpressionStatement") {
    const semicolon = text[last.end - 1] === ";" ? 1 : 0;
    return [
      { at: last.start, remove: 0, text: "return (" },
      { at: last.end - semicolon, remove: semicolon, text: `${closeExpression(last.expression, call)};` },
    ];
  }
  if (wholeProgram) {
    const entry = findEntry(body);
    if (entry === undefined) return [];
    const given = entry.takesPattern ? call.pattern : call.first;
    return [{ at: last.end, remove: 0, text: `\nreturn ${entry.name}(${given})` }];
  }
  const functions = body.filter((node) => node.type === "FunctionDeclaration");
  const main =
    functions.find((node) => entryNames.has(node.id.name)) ??
    (functions.length === 1 ? functions[0] : undefined);
  const called = main !== undefined && (functions.length === body.length || entryNames.has(main.id.name));
  return called ? [{ at: last.end, remove: 0, text: `\nreturn ${main.id.name}(${call.first})` }] : [];
}

/** What ends `return (…`: a lone function is called with what its first parameter looks like. */
function closeExpression(expression: Expression, { first, pattern }: EntryCall): string {
  if (expression.type !== "ArrowFunctionExpression" && expression.type !== "FunctionExpression") return ")";
  return expression.params[0]?.type === "ObjectPattern" ? `)(${pattern})` : `)(${first})`;
}
