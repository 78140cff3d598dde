/**
 * The text of a configuration file as values with positions: JSON with comments and trailing commas, read
 * strictly otherwise, and a way from any field back to its line and column.
 */
import { findNodeAtLocation, getNodeValue, parseTree, printParseErrorCode } from "jsonc-parser";
import type { Node, ParseError } from "jsonc-parser";
import { CodemodeError } from "../../../errors.ts";
import { readLiteral } from "../../../json/read-literal.ts";

export type FieldPath = readonly (string | number)[];

export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface ConfigText {
  readonly file: string;
  readonly value: unknown;
  /** Where a field stands; of the nearest field around it when it is absent. */
  positionOf(path: FieldPath, part?: "key" | "value"): Position;
}

/** Throws `config_unreadable` with the position of the first mistake. */
export function readConfigText(text: string, file: string): ConfigText {
  const source = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const errors: ParseError[] = [];
  const root = parseTree(source, errors, { allowTrailingComma: true });
  const first = errors[0];
  if (first !== undefined) throw unreadable(describeError(first), source, first.offset, file);
  if (root === undefined) throw unreadable("the file is empty", source, 0, file);
  const bad = findBadKey(root) ?? findBadNumber(root, source);
  if (bad !== undefined) throw unreadable(bad.problem, source, bad.offset, file);
  return {
    file,
    value: getNodeValue(root),
    positionOf: (path, part = "value") => toPosition(source, nodeAt(root, path, part).offset),
  };
}

/** A rule about a rounded number is about another one. */
function findBadNumber(
  root: Node,
  source: string,
): { readonly problem: string; readonly offset: number } | undefined {
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    waiting.push(...(node.children ?? []));
    if (node.type !== "number") continue;
    const literal = source.slice(node.offset, node.offset + node.length);
    const read = readLiteral(literal);
    if (read.kind === "exact" && typeof read.value === "number") continue;
    const shown = literal.slice(0, 60);
    return {
      problem: `${shown} is no number that can be kept exactly: write it as text`,
      offset: node.offset,
    };
  }
  return undefined;
}

/** `codemode.json:5:7`, the form that terminals and editors make clickable. */
export function formatPosition(file: string, { line, column }: Position): string {
  return `${file}:${line}:${column}`;
}

function unreadable(problem: string, source: string, offset: number, file: string): CodemodeError {
  const position = toPosition(source, offset);
  return new CodemodeError(
    "config_unreadable",
    `The configuration is not valid JSON: ${problem} (${formatPosition(file, position)}).`,
    {
      hint: "Comments and trailing commas are fine; everything else must be plain JSON.",
      ...position,
      data: { file, ...position },
    },
  );
}

/** `CommaExpected` → `comma expected`. */
function describeError(error: ParseError): string {
  return printParseErrorCode(error.error)
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ")
    .toLowerCase();
}

/** JSON lets a key stand twice and drops the first in silence; here that could be a whole server. */
function findBadKey(root: Node): { problem: string; offset: number } | undefined {
  const open: Node[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const seen = new Set<unknown>();
    for (const child of node.children ?? []) {
      open.push(child);
      const key = child.type === "property" ? child.children?.[0] : undefined;
      if (key === undefined) continue;
      const quoted = JSON.stringify(key.value);
      if (seen.has(key.value)) return { problem: `the key ${quoted} stands there twice`, offset: key.offset };
      if (key.value === "__proto__")
        return { problem: `nothing may be called ${quoted}`, offset: key.offset };
      seen.add(key.value);
    }
  }
  return undefined;
}

function nodeAt(root: Node, path: FieldPath, part: "key" | "value"): Node {
  for (let length = path.length; length > 0; length -= 1) {
    const node = findNodeAtLocation(root, path.slice(0, length));
    if (node === undefined) continue;
    const property = node.parent?.type === "property" ? node.parent : undefined;
    return (part === "key" || length < path.length ? property : undefined) ?? node;
  }
  return root;
}

function toPosition(source: string, offset: number): Position {
  const before = source.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
