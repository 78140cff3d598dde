/**
 * Gives the imports of a worker's module the names that its modules have in the sandbox, and refuses all others.
 */
import { parse, type Node } from "acorn";
import { CodemodeError } from "../errors.ts";

export interface RewriteOptions {
  /** Of the module, for errors and for what is relative to it. */
  readonly name: string;
  /** Module name → name in the sandbox. */
  readonly files: ReadonlyMap<string, string>;
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Throws `snippet_syntax` with the place, and `worker_invalid` for an import of something else. */
export function rewriteImports(code: string, { name, files }: RewriteOptions): string {
  const edits: Edit[] = [];
  for (const statement of parseModule(code, name)) {
    const source: unknown = Reflect.get(statement, "source");
    if (!isLiteral(source)) continue;
    const file = files.get(resolveSpecifier(source.value, name));
    if (file === undefined) throw unknownImport(source, name);
    edits.push({ start: source.start, end: source.end, text: JSON.stringify(file) });
  }
  return edits.reduceRight(
    (text, { start, end, text: file }) => text.slice(0, start) + file + text.slice(end),
    code,
  );
}

/** Imports and exports stand on the top level alone. */
function parseModule(code: string, name: string): readonly Node[] {
  try {
    return parse(code, { ecmaVersion: "latest", sourceType: "module", locations: true }).body;
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message.replace(/ \(\d+:\d+\)$/, "") : String(thrown);
    const place: unknown = thrown instanceof Error ? Reflect.get(thrown, "loc") : undefined;
    throw new CodemodeError("snippet_syntax", `In ${name}: SyntaxError: ${message}`, toPosition(place));
  }
}

interface Literal extends Node {
  readonly value: string;
}

function isLiteral(node: unknown): node is Literal {
  return typeof node === "object" && node !== null && typeof Reflect.get(node, "value") === "string";
}

/** `"./b.js"` in `"lib/a.js"` is `"lib/b.js"`; what does not begin with a dot is a name already. */
function resolveSpecifier(specifier: string, from: string): string {
  if (!/^\.{0,2}\//.test(specifier)) return specifier;
  const steps = specifier.startsWith("/") ? [] : from.split("/").slice(0, -1);
  for (const step of specifier.split("/")) {
    if (step === "..") steps.pop();
    else if (step !== "." && step !== "") steps.push(step);
  }
  return steps.join("/");
}

function unknownImport({ value, loc }: Literal, name: string): CodemodeError {
  return new CodemodeError(
    "worker_invalid",
    `${name} imports "${value.slice(0, 200)}", which is no module of the worker.`,
    {
      hint: "Add it to modules by this name; a loaded worker has no modules of the runtime but cloudflare:workers.",
      ...toPosition(loc?.start),
    },
  );
}

/** Acorn counts lines from one and columns from zero. */
function toPosition(place: unknown): { readonly line: number; readonly column: number } | object {
  if (typeof place !== "object" || place === null) return {};
  return { line: Number(Reflect.get(place, "line")), column: Number(Reflect.get(place, "column")) + 1 };
}
