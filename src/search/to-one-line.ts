/**
 * Makes a stranger's text fit to stand on one line of an answer: what is invisible is shown, single spaces, a bound on
 * its length. What the text says is left as it is.
 */
import { showHidden } from "../show-hidden.ts";

/** Line breaks become spaces: two lines must not run together into one word. */
const breaks = /[\t\n\v\f\r\u0085\p{Zl}\p{Zp}\p{Zs}]+/gu;
/** A text within the text: the first letters of it are enough to see that it is there. */
const more = /((?:⟨U\+[0-9A-F]{4,6}⟩){3})((?:⟨U\+[0-9A-F]{4,6}⟩){2,})/g;

/** `text` on one line, at most `maxChars` UTF-16 units, cut at a word with `…`. */
export function toOneLine(text: string, maxChars: number): string {
  const bounded = text.slice(0, maxChars * 4 + 1000);
  const line = showHidden(bounded.replaceAll(breaks, " "), { text: "prose" })
    .replaceAll(
      more,
      (_, first: string, rest: string) => `${first}⟨${rest.split("⟩").length - 1} more hidden⟩`,
    )
    .replaceAll(/ {2,}/g, " ")
    .trim();
  if (line.length <= maxChars) return line;
  const cut = line
    .slice(0, Math.max(0, maxChars - 1))
    .toWellFormed()
    .replace(/\uFFFD$/, "");
  const space = cut.lastIndexOf(" ");
  return `${(space > maxChars * 0.6 ? cut.slice(0, space) : cut).trimEnd()}…`;
}

/** The first sentence of `text` on one line and without its Markdown: what a tool does, not how and when. */
export function firstSentence(text: string, maxChars: number): string {
  const paragraph =
    text
      .slice(0, 4000)
      .trimStart()
      .split(/\n[ \t\r]*\n/, 1)[0] ?? "";
  const plain = paragraph
    .replaceAll(/\[([^\][]{1,100})\]\([^()]{0,500}\)/g, "$1")
    .replaceAll(/^[#>*\s]+|\*\*/g, "");
  const line = toOneLine(plain, Math.max(maxChars, 400));
  const end = /(?<!\b(?:e\.g|i\.e|etc|vs|approx|no))(?:[.!?](?= [^\p{Ll}]|$)|[。！？])/u.exec(line);
  const sentence = end === null || end.index < 12 ? line : line.slice(0, end.index);
  return toOneLine(sentence, maxChars);
}
