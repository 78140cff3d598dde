/**
 * Text of strangers within Markdown: one line that stays text, whatever it holds.
 */
import { commentText } from "../typegen/doc-comment.ts";

/** The first sentence or so, without anything that Markdown or HTML would act on. */
export function markdownText(text: string, length: number): string {
  const line = commentText(text.slice(0, length * 8));
  const end = /[.!?](?= |$)/.exec(line.slice(0, length + 1))?.index;
  const cut =
    end !== undefined ? line.slice(0, end) : line.length <= length ? line : `${cutAtWord(line, length)}…`;
  return cut
    .replaceAll(/[\\`*_{}[\]()<>#|~!&]/g, (character) => `\\${character}`)
    .replace(/^([+-]|\d+\.)/, "\\$1");
}

/** A fence that nothing inside can close. */
export function codeBlock(language: string, text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text.trimEnd()}\n${fence}\n`;
}

function cutAtWord(line: string, length: number): string {
  const cut = line.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, "");
  const space = cut.lastIndexOf(" ");
  return space > length / 2 ? cut.slice(0, space) : cut;
}
