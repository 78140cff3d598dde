/**
 * Reads the arguments of `codemode.fs.<name>(…)`: what the snippet gave, made into paths, bytes and ranges, or an error
 * that says how to call it.
 */
import { Buffer } from "node:buffer";
import { CodemodeError } from "../../errors.ts";
import { isRecord } from "../../schema/is-record.ts";
import type { FileSearch } from "../../spec/files.ts";
import type { Value } from "../../spec/value.ts";
import { toFilePath } from "../../workspace/files/to-file-path.ts";
import { toJsonText } from "../to-json-text.ts";
import { fileForms, type FileForm } from "./file-arguments.ts";
import { textToBytes, toWritablePath } from "./file-content.ts";

export interface Range {
  /** `line` counts from 1, the others from 0. */
  readonly unit: "offset" | "line";
  readonly from: number;
  readonly count: number;
}

export type FileCall =
  | { readonly kind: "readText" | "readBytes"; readonly path: string; readonly range: Range | undefined }
  | { readonly kind: "readJson" | "stat"; readonly path: string }
  | { readonly kind: "ref"; readonly path: string; readonly as: FileForm }
  | FileChangeCall
  | { readonly kind: "list" | "glob"; readonly text: string }
  | { readonly kind: "search"; readonly search: FileSearch };

export type FileChangeCall =
  | { readonly kind: "remove"; readonly path: string }
  | {
      readonly kind: "write" | "append";
      readonly path: string;
      readonly content: Uint8Array;
      readonly mime: string | undefined;
    };

export const fileCallUsages = {
  readText: 'codemode.fs.readText("a.txt", { line: 1, lines: 100 })',
  readBytes: 'codemode.fs.readBytes("a.png", { offset: 0, length: 1024 })',
  readJson: 'codemode.fs.readJson("a.json")',
  write: 'codemode.fs.write("a.json", content, { mime: "application/json" })',
  append: 'codemode.fs.append("a.log", "one more line\\n")',
  list: 'codemode.fs.list("reports/")',
  stat: 'codemode.fs.stat("a.json")',
  remove: 'codemode.fs.remove("a.json")',
  ref: 'codemode.fs.ref("a.png", { as: "bytes" })',
  glob: 'codemode.fs.glob("reports/*.csv")',
  search: 'codemode.fs.search("words", { glob: "*.md", regex: false, ignoreCase: true, limit: 100 })',
} as const;

type Kind = keyof typeof fileCallUsages;

/** Throws `usage`, `file_path_invalid`, `file_content_invalid` and `value_unsupported`. */
export function readFileCall(kind: Kind, args: readonly Value[]): FileCall {
  const [first, second, third] = args;
  switch (kind) {
    case "readText":
    case "readBytes":
      return { kind, path: toFilePath(first), range: toRange(kind, second) };
    case "readJson":
    case "stat":
    case "remove":
      return { kind, path: toFilePath(first) };
    case "write": {
      const { mime } = toOptions(kind, third, { mime: "string" });
      const path = toWritablePath(first);
      if (second === undefined) throw usage(kind, "takes what to write; undefined is nothing");
      const given = toContent(kind, second);
      const fallback = given.json ? "application/json" : undefined;
      return {
        kind,
        path,
        content: given.bytes,
        mime: toMime(mime) ?? (endingOf(path) ? undefined : fallback),
      };
    }
    case "append": {
      if (typeof second !== "string" && !(second instanceof Uint8Array))
        throw usage(kind, "takes text or bytes");
      return { kind, path: toWritablePath(first), content: toContent(kind, second).bytes, mime: undefined };
    }
    case "ref": {
      const { as = "bytes" } = toOptions(kind, second, { as: "string" });
      const form = fileForms.find((each) => each === as);
      if (form === undefined) throw usage(kind, `takes as one of ${fileForms.join(", ")}`);
      return { kind, path: toFilePath(first), as: form };
    }
    case "list":
      return { kind, text: first === undefined ? "" : toText(kind, first) };
    case "glob":
      return { kind, text: toText(kind, first) };
    case "search":
      return { kind, search: toSearch(first, second) };
  }
}

function toContent(kind: Kind, value: Value): { readonly bytes: Uint8Array; readonly json: boolean } {
  if (value instanceof Uint8Array) return { bytes: value, json: false };
  if (typeof value === "string") return { bytes: textToBytes(value), json: false };
  return { bytes: Buffer.from(toJsonText(value, `codemode.fs.${kind}`)), json: true };
}

function endingOf(path: string): boolean {
  return /\.[a-z0-9]{1,8}$/i.test(path);
}

const types = /^[a-z0-9!#$&^_.+-]{1,80}\/[a-z0-9!#$&^_.+-]{1,80}(?:; ?[a-z0-9-]+=[a-z0-9-]+)?$/i;

function toMime(given: Value): string | undefined {
  if (given === undefined) return undefined;
  if (typeof given === "string" && types.test(given)) return given.toLowerCase();
  throw usage("write", "takes as mime a media type such as text/csv");
}

function toRange(kind: "readText" | "readBytes", given: Value): Range | undefined {
  if (given === undefined) return undefined;
  const known = { offset: "number", length: "number" } as const;
  const options = toOptions(
    kind,
    given,
    kind === "readText" ? { ...known, line: "number", lines: "number" } : known,
  );
  const byLine = options["line"] !== undefined || options["lines"] !== undefined;
  if (byLine && (options["offset"] !== undefined || options["length"] !== undefined))
    throw usage(kind, "takes either offset and length, or line and lines");
  const [from, count] = byLine
    ? [options["line"] ?? 1, options["lines"] ?? Infinity]
    : [options["offset"] ?? 0, options["length"] ?? Infinity];
  if (!isCount(from, byLine ? 1 : 0) || !(count === Infinity || isCount(count, 0)))
    throw usage(kind, "takes whole numbers that are not negative; lines count from 1");
  return { unit: byLine ? "line" : "offset", from, count };
}

function isCount(value: Value, least: number): value is number {
  return Number.isSafeInteger(value) && Number(value) >= least;
}

function toSearch(first: Value, second: Value): FileSearch {
  const text = toText("search", first);
  const { glob, regex, ignoreCase, limit } = toOptions("search", second, {
    glob: "string",
    regex: "boolean",
    ignoreCase: "boolean",
    limit: "number",
  });
  return {
    text,
    ...(typeof glob === "string" ? { glob } : {}),
    ...(typeof limit === "number" ? { limit } : {}),
    regex: regex === true,
    ignoreCase: ignoreCase === true,
  };
}

function toText(kind: Kind, given: Value): string {
  if (typeof given === "string") return given;
  throw usage(kind, "takes a string first");
}

function toOptions(
  kind: Kind,
  given: Value,
  known: { readonly [name: string]: "string" | "number" | "boolean" },
): { readonly [name: string]: Value } {
  if (given === undefined) return {};
  const options: unknown = given;
  const entries = isRecord(options) ? Object.entries(options) : undefined;
  const wrong = entries?.some(
    ([name, value]) => !Object.hasOwn(known, name) || (value !== undefined && typeof value !== known[name]),
  );
  if (entries === undefined || wrong === true)
    throw usage(kind, `has the options ${Object.keys(known).join(", ")}`);
  return Object.fromEntries(entries) as { [name: string]: Value };
}

function usage(kind: Kind, problem: string): CodemodeError {
  return new CodemodeError("usage", `codemode.fs.${kind} ${problem}.`, {
    hint: `Call it as ${fileCallUsages[kind]}.`,
  });
}
