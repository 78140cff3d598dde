/**
 * Takes a program out of the Markdown that it may stand in, keeping every line where it was. All blocks of code count,
 * since a model that sends two means both; blocks of other languages and the prose around them do not.
 */
import { CodemodeError } from "../errors.ts";
import { blankOut, unfence } from "./unfence.ts";

export interface CodeBlocks {
  /** The text with fences, prose and a byte order mark blanked out. */
  readonly source: string;
  /** Where each block of code begins and ends in `source`; one that is everything where there is no fence. */
  readonly blocks: readonly { readonly start: number; readonly end: number }[];
}

/** Languages of blocks that are the program. */
const code = new Set(["", "typescript", "javascript", "ts", "tsx", "js", "jsx", "mjs", "mts", "codemode"]);
const opening = /^[ \t>]*(`{3,}|~{3,})[ \t]*([\w+#.-]*)[^\n`]*$/gm;

/** `parses` says whether a text is a program as it stands. Throws `snippet_empty` where only other languages are fenced. */
export function toCodeBlocks(text: string, parses: (source: string) => boolean): CodeBlocks {
  const plain = text.replace(/^\uFEFF/, " ").replaceAll("\r\n", "\n");
  const fences = findFences(plain);
  const [first] = fences;
  if (first === undefined) return whole(plain);
  // Fences may stand in a template literal of a program that has none around it.
  const before = plain.slice(0, first.from);
  if (/[;{}=]/.test(before) && parses(plain)) return whole(plain);
  const blocks = fences.filter(({ language }) => code.has(language));
  if (blocks.length === 0)
    throw new CodemodeError(
      "snippet_empty",
      `There is no code to run: the text has only a block of ${first.language}.`,
      { hint: "Send the program itself as TypeScript, without text around it." },
    );
  let source = "";
  for (const { start, end } of blocks)
    source += blankOut(plain.slice(source.length, start)) + plain.slice(start, end);
  return { source: source + blankOut(plain.slice(source.length)), blocks };
}

function whole(source: string): CodeBlocks {
  return { source, blocks: [{ start: 0, end: source.length }] };
}

interface Fence {
  /** Where the opening line begins, where the content begins and ends. */
  readonly from: number;
  readonly start: number;
  readonly end: number;
  readonly language: string;
}

function findFences(text: string): Fence[] {
  const fences: Fence[] = [];
  opening.lastIndex = 0;
  for (let open = opening.exec(text); open !== null; open = opening.exec(text)) {
    const [line, mark = "```", language = ""] = open;
    const start = open.index + line.length;
    const closing = new RegExp(`^[ \\t>]*${mark[0] === "~" ? "~" : "`"}{${mark.length},}[ \\t]*$`, "gm");
    closing.lastIndex = start + 1;
    const close = closing.exec(text);
    const end = close === null ? text.length : close.index;
    fences.push({ from: open.index, start, end, language: language.toLowerCase() });
    opening.lastIndex = close === null ? text.length : close.index + close[0].length;
  }
  return fences;
}

/** As runs of before all blocks counted were read: the first block alone. */
export function toFirstBlock(text: string): CodeBlocks {
  return whole(unfence(text));
}
