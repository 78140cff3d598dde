/**
 * Keeps a program from importing anything, since the runtime has modules of its own that a snippet could name.
 * Static imports are refused with their place, but for those of the modules that come with the program; `import(…)` becomes a call of the same length to a function
 * that the harness has and that refuses, so that every position holds.
 */
import { parse, type Node } from "acorn";
import type { GuestError } from "../../spec/engine.ts";

export type ConfinedCode =
  | { readonly ok: true; readonly code: string }
  | { readonly ok: false; readonly error: GuestError };

const hint =
  "Remove the import: the language, the web APIs and tools.<source>.<name>(args) are there without one.";

/** The harness defines a function of this name; as long as `import`. */
const refusal = "$mport";

/** `own`: file names of the modules that come with the program. */
export function confineImports(code: string, own: ReadonlySet<string>): ConfinedCode {
  if (!/\bimport\b|\bfrom\b\s*(?![\s(])/.test(code)) return { ok: true, code };
  const places: number[] = [];
  let failure: GuestError | undefined;
  try {
    const program = parse(code, { ecmaVersion: "latest", sourceType: "module", locations: true });
    walk(program, (node) => {
      if (node.type === "ImportExpression") places.push(node.start);
      failure ??= staticImport(node, own);
    });
  } catch (thrown) {
    failure = syntaxError(thrown);
  }
  if (failure !== undefined) return { ok: false, error: failure };
  return { ok: true, code: replaceAt(code, places) };
}

/** What is wrong with the text, with its place, as far as this parser can tell. */
export function findSyntaxError(code: string): GuestError | undefined {
  try {
    parse(code, { ecmaVersion: "latest", sourceType: "module" });
    return undefined;
  } catch (thrown) {
    return syntaxError(thrown);
  }
}

function replaceAt(code: string, places: readonly number[]): string {
  let confined = "";
  let copied = 0;
  for (const at of places.toSorted((a, b) => a - b)) {
    confined += code.slice(copied, at) + refusal;
    copied = at + refusal.length;
  }
  return confined + code.slice(copied);
}

function staticImport(node: Node, own: ReadonlySet<string>): GuestError | undefined {
  const imports = node.type === "ImportDeclaration" || node.type === "ExportAllDeclaration";
  const reexports = node.type === "ExportNamedDeclaration" && Reflect.get(node, "source") !== null;
  if (!imports && !reexports) return undefined;
  const source: unknown = Reflect.get(Object(Reflect.get(node, "source")), "value");
  if (typeof source === "string" && own.has(source)) return undefined;
  return {
    code: "snippet_syntax",
    message: "Snippets cannot import modules.",
    hint,
    ...position(node.loc?.start),
  };
}

/** Whatever the parser does not know cannot be proved to import nothing. */
function syntaxError(thrown: unknown): GuestError {
  const message = thrown instanceof Error ? thrown.message.replace(/ \(\d+:\d+\)$/, "") : String(thrown);
  const place: unknown = thrown instanceof Error ? Reflect.get(thrown, "loc") : undefined;
  return { code: "snippet_syntax", message: `SyntaxError: ${message}`, ...position(place) };
}

/** Acorn counts lines from one and columns from zero. */
function position(place: unknown): { readonly line: number; readonly column: number } | object {
  if (place === null || typeof place !== "object") return {};
  return { line: Number(Reflect.get(place, "line")), column: Number(Reflect.get(place, "column")) + 1 };
}

/** Visits every node without recursion: the nesting is the model's. */
function walk(root: Node, visit: (node: Node) => void): void {
  const queue: Node[] = [root];
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    visit(node);
    for (const field of Object.values(node)) {
      for (const child of Array.isArray(field) ? field : [field]) if (isNode(child)) queue.push(child);
    }
  }
}

function isNode(value: unknown): value is Node {
  return value !== null && typeof value === "object" && typeof Reflect.get(value, "type") === "string";
}
