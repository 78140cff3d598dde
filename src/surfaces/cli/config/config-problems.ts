/**
 * Turns what zod says about a configuration into sentences for a person: the field, where it stands, what
 * was expected, and the key that was probably meant.
 */
import * as z from "zod";
import { CodemodeError } from "../../../errors.ts";
import { configSchema } from "./config-schema.ts";
import { formatPosition } from "./config-text.ts";
import type { ConfigText, FieldPath } from "./config-text.ts";
import { meantKey } from "./meant-key.ts";

type Issue = z.core.$ZodIssue;

export interface ConfigProblem {
  readonly field: string;
  readonly message: string;
  readonly hint?: string;
  readonly line: number;
  readonly column: number;
}

const shownProblems = 5;

/** One `config_invalid` error for all problems of a file. */
export function problemsToError(problems: readonly ConfigProblem[], file: string): CodemodeError {
  const lines = problems.slice(0, shownProblems).map((problem) => toSentence(problem, file));
  const more = problems.length - lines.length;
  if (more > 0) lines.push(`… and ${more} more.`);
  const [first] = problems;
  const hint = problems.find((problem) => problem.hint !== undefined)?.hint;
  const message =
    lines.length === 1
      ? (lines[0] ?? "")
      : `The configuration has ${problems.length} problems:\n  ${lines.join("\n  ")}`;
  return new CodemodeError("config_invalid", message, {
    ...(hint === undefined ? {} : { hint }),
    ...(first === undefined ? {} : { line: first.line, column: first.column }),
    data: { file, problems },
  });
}

export function issueToProblems(issue: Issue, text: ConfigText): ConfigProblem[] {
  const path = toFieldPath(issue.path);
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey(path, key, text));
  if (issue.code === "invalid_union") return unionProblems(issue, text);
  if (issue.code === "invalid_key") {
    const reason = issue.issues[0]?.message ?? "is no valid name";
    return [problemAt(path, reason, text, "key")];
  }
  const problem = problemAt(path, describe(issue, valueAt(text.value, path)), text);
  const hint = issue.code === "custom" ? strayKey(path, text) : undefined;
  return [hint === undefined ? problem : { ...problem, hint }];
}

export function problemAt(
  path: FieldPath,
  message: string,
  text: ConfigText,
  part: "key" | "value" = "value",
): ConfigProblem {
  return { field: formatField(path), message, ...text.positionOf(path, part) };
}

/** `mcpServers.github.env.TOKEN`, with quotes where a key is no plain word. */
export function formatField(path: FieldPath): string {
  if (path.length === 0) return "the configuration";
  return path
    .map((part, index) => {
      if (typeof part === "number") return `[${part}]`;
      const plain = /^[\w$@/-]+$/.test(part) ? part : JSON.stringify(part);
      return index === 0 ? plain : `.${plain}`;
    })
    .join("");
}

/** The field names a schema knows at one place of the file; used to guess what was meant. */
export function knownKeysAt(path: FieldPath): string[] {
  let at: unknown = z.toJSONSchema(configSchema, { io: "input" });
  for (const part of path) {
    const schema = objectSchema(at);
    at =
      typeof part === "number" ? schema?.items : (schema?.properties?.[part] ?? schema?.additionalProperties);
  }
  return Object.keys(objectSchema(at)?.properties ?? {});
}

function toSentence(problem: ConfigProblem, file: string): string {
  return `${problem.field} ${problem.message} (${formatPosition(file, problem)}).`;
}

function unknownKey(path: FieldPath, key: string, text: ConfigText): ConfigProblem {
  const known = knownKeysAt(path);
  const meant =
    path.length === 0 && Object.hasOwn(foreignKeys, key) ? foreignKeys[key] : meantKey(key, known);
  const hint = meant === undefined ? `Known here: ${known.join(", ")}.` : `Did you mean "${meant}"?`;
  return { ...problemAt([...path, key], "is not a known key", text, "key"), hint };
}

/** Of an entry that lacks something, the unknown key that may be it under another name. */
function strayKey(path: FieldPath, text: ConfigText): string | undefined {
  const entry = valueAt(text.value, path);
  if (typeof entry !== "object" || entry === null) return undefined;
  const known = knownKeysAt(path);
  for (const key of Object.keys(entry)) {
    const meant = known.includes(key) ? undefined : meantKey(key, known);
    if (meant !== undefined && !Object.hasOwn(entry, meant)) return `Did you mean "${meant}" by "${key}"?`;
  }
  return undefined;
}

/** What other clients call the same thing. */
const foreignKeys: { readonly [key: string]: string } = {
  servers: "mcpServers",
  mcp: "mcpServers",
  mcp_servers: "mcpServers",
  context_servers: "mcpServers",
};

/** Of a union, the branch that got furthest says most; when the type fits none, all are named. */
function unionProblems(issue: Extract<Issue, { code: "invalid_union" }>, text: ConfigText): ConfigProblem[] {
  const path = toFieldPath(issue.path);
  const isOfOtherType = (each: Issue): boolean => each.path.length === 0 && each.code === "invalid_type";
  const branches = issue.errors.filter((branch) => !branch.some(isOfOtherType));
  const deep = branches.find((branch) =>
    branch.every((each) => each.code !== "invalid_value" || each.path.length > 0),
  );
  const best = deep ?? branches[0];
  if (best !== undefined && best.length > 0) {
    return best.flatMap((each) => issueToProblems({ ...each, path: [...issue.path, ...each.path] }, text));
  }
  const types = issue.errors.flatMap((branch) =>
    branch.flatMap((each) => (each.code === "invalid_type" ? [expectedType(each.expected)] : [])),
  );
  return [
    problemAt(
      path,
      `must be ${[...new Set(types)].join(" or ")}, not ${show(valueAt(text.value, path))}`,
      text,
    ),
  ];
}

function describe(issue: Issue, value: unknown): string {
  switch (issue.code) {
    case "invalid_type":
      return value === undefined
        ? `is missing; ${expectedType(issue.expected)} is needed`
        : `must be ${expectedType(issue.expected)}, not ${show(value)}`;
    case "invalid_value":
      return `must be ${issue.values.map((each) => JSON.stringify(each)).join(" or ")}, not ${show(value)}`;
    case "too_small":
      return issue.origin === "string"
        ? "must not be empty"
        : `must be at least ${issue.inclusive ? issue.minimum : Number(issue.minimum) + 1}, not ${show(value)}`;
    case "too_big":
      return `must be at most ${issue.maximum}, not ${show(value)}`;
    default:
      return issue.message;
  }
}

const typeNames: { readonly [expected: string]: string } = {
  string: "a string",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

function expectedType(expected: string): string {
  return typeNames[expected] ?? expected;
}

/** Short and without content that could be a secret: long strings are only named. */
function show(value: unknown): string {
  if (typeof value === "string") return value.length <= 24 ? JSON.stringify(value) : "a text";
  if (Array.isArray(value)) return "a list";
  return value !== null && typeof value === "object" ? "an object" : String(value);
}

function valueAt(value: unknown, path: FieldPath): unknown {
  let at = value;
  for (const part of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, part)) return undefined;
    at = Reflect.get(at, part);
  }
  return at;
}

function toFieldPath(path: readonly PropertyKey[]): FieldPath {
  return path.map((part) => (typeof part === "number" ? part : String(part)));
}

interface ObjectSchema {
  readonly properties?: { readonly [key: string]: unknown };
  readonly additionalProperties?: unknown;
  readonly items?: unknown;
}

function objectSchema(schema: unknown): ObjectSchema | undefined {
  if (typeof schema !== "object" || schema === null) return undefined;
  const branches: unknown = Reflect.get(schema, "anyOf");
  if (!Array.isArray(branches)) return schema;
  return branches.map(objectSchema).find((branch) => branch?.properties !== undefined);
}
