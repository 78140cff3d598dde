/**
 * Takes the imports that a snippet opens with out of its text, for modules that it may import: they stand before the
 * function that the snippet becomes, on its first line, so that every position holds. Imports of anything else, and
 * imports further down, are left where they are, for others to refuse.
 */
import { blankOut } from "./unfence.ts";
import { stripTypes } from "./strip-types.ts";

export interface Hoisted {
  /** The snippet with the imports blanked out. */
  readonly source: string;
  /** The imports as the checker reads them, on one line. */
  readonly typescript: string;
  /** The imports as the engine reads them: by file name, without types. */
  readonly javascript: string;
  /** Specifiers, each once. */
  readonly imported: readonly string[];
}

const gap = /(?:\s|\/\/[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/y;
const declaration =
  /import\s*(?:type\s+)?(?:[\w$*{][^;'"`()=]*?\bfrom\s*|(?=["']))(["'])([^"'\n\\]+)\1(?:[ \t]*;|(?=[ \t]*(?:\n|\/\/|$)))/y;

/** `files`: specifier → the file name that the engine is given the module under. */
export function hoistImports(source: string, files: ReadonlyMap<string, string>): Hoisted {
  const statements: string[] = [];
  const imported = new Set<string>();
  let rest = source;
  let at = 0;
  for (;;) {
    gap.lastIndex = at;
    at += gap.exec(source)?.[0].length ?? 0;
    declaration.lastIndex = at;
    const found = declaration.exec(source);
    const specifier = found?.[2];
    if (found === null || specifier === undefined || !files.has(specifier)) break;
    const [text] = found;
    statements.push(`${toOneLine(text).replace(/;$/, "")};`);
    imported.add(specifier);
    rest = rest.slice(0, at) + blankOut(text) + rest.slice(at + text.length);
    at += text.length;
  }
  const typescript = statements.join("");
  return {
    source: rest,
    typescript,
    javascript: statements.map((each) => toEngine(each, files)).join(""),
    imported: [...imported],
  };
}

function toOneLine(text: string): string {
  return text
    .replaceAll(/\/\/[^\n]*/g, "")
    .replaceAll(/\/\*[\s\S]*?\*\//g, "")
    .replaceAll(/\s+/g, " ");
}

function toEngine(statement: string, files: ReadonlyMap<string, string>): string {
  const plain = stripTypes(statement).trim();
  return plain.replace(/(["'])([^"']+)\1;$/, (_, _quote, specifier: string) => {
    return `${JSON.stringify(files.get(specifier) ?? specifier)};`;
  });
}
