/**
 * A saved snippet as a TypeScript file that can live in git: a comment with all that is not code, then the code as it
 * is. Writing what was read gives the same bytes.
 */
import { CodemodeError } from "../../errors.ts";
import type { JsonSchema } from "../../spec/value.ts";
import type { RequiredTool, SnippetDraft } from "../../spec/workspace.ts";
import { requireDescription, requireName } from "./snippet-name.ts";

export type SnippetFile = SnippetDraft & { readonly version: number };

const opening = "/**\n * @codemode snippet\n";
const closing = " */\n";

export function snippetToFile({ name, version, description, input, tools, code }: SnippetFile): string {
  const lines = [
    `@name ${name}`,
    `@version ${version}`,
    `@description ${description}`,
    ...(input === undefined ? [] : [`@input ${JSON.stringify(input).replaceAll("*/", "*\\/")}`]),
    ...tools.map(({ path, hash }) => `@tool ${path} ${hash}`),
  ];
  return `${opening}${lines.map((line) => ` * ${line}\n`).join("")}${closing}${code}`;
}

/** Throws `saved_snippet_invalid`, naming the line. */
export function fileToSnippet(text: string): SnippetFile {
  const plain = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const newline = plain.startsWith(opening.replaceAll("\n", "\r\n")) ? "\r\n" : "\n";
  const start = opening.replaceAll("\n", newline);
  const end = plain.indexOf(newline + closing.replaceAll("\n", newline));
  if (!plain.startsWith(start) || end === -1)
    throw invalid("The file does not open with the header of a saved snippet.");
  const fields = new Map<string, string>();
  const tools: RequiredTool[] = [];
  for (const line of plain.slice(start.length, end).split(newline)) {
    const [, field = "", value = ""] = /^ \* @(\w+) (.*)$/.exec(line) ?? [];
    if (field === "tool") tools.push(toTool(value));
    else if (/^(?:name|version|description|input)$/.test(field) && !fields.has(field))
      fields.set(field, value);
    else throw invalid(`The header's line ${JSON.stringify(line.slice(0, 100))} means nothing.`);
  }
  const version = Number(fields.get("version"));
  if (!Number.isSafeInteger(version) || version < 1)
    throw invalid("The header's @version is no whole number.");
  const input = fields.get("input");
  return {
    name: requireName(fields.get("name")),
    version,
    description: requireDescription(fields.get("description")),
    code: plain.slice(end + newline.length + closing.length + (newline.length - 1)),
    ...(input === undefined ? {} : { input: toSchema(input) }),
    tools,
  };
}

function toTool(text: string): RequiredTool {
  const [, path, hash] = /^(\S+) ([0-9a-f]{64})$/.exec(text) ?? [];
  if (path === undefined || hash === undefined)
    throw invalid(`The header's @tool ${JSON.stringify(text.slice(0, 100))} is no path with a hash.`);
  return { path, hash };
}

function toSchema(text: string): JsonSchema {
  try {
    const parsed: unknown = JSON.parse(text);
    if (isSchema(parsed)) return parsed;
  } catch {
    // Said below, like any other text that is no schema.
  }
  throw invalid("The header's @input is no JSON Schema.");
}

/** A JSON Schema is an object, or true or false. */
export function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "boolean" || (typeof value === "object" && value !== null && !Array.isArray(value));
}

function invalid(message: string): CodemodeError {
  return new CodemodeError("saved_snippet_invalid", message, {
    hint: "Write one with codemode snippets export, and change that.",
  });
}
