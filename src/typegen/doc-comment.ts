/**
 * Text of strangers as a doc comment that stays one: it cannot end the comment, start a line, steer the
 * compiler or hide what it says.
 */
import { showHidden } from "../show-hidden.ts";
import type { TypeComment } from "./type-table.ts";

/** One line `/** … *\/`; empty when there is nothing to say. */
export function docComment(text: string): string {
  const safe = commentText(text);
  return safe === "" ? "" : `/** ${safe} */`;
}

/** White space folded, what is invisible shown, `*\/` and compiler directives broken up. */
export function commentText(text: string): string {
  return showHidden(text.replaceAll(/[^\S\uFEFF]+/gu, " "), { text: "prose" })
    .replaceAll(/\s+/g, " ")
    .replaceAll("*/", "*\\/")
    .replaceAll(/@(?=ts-)/g, "@ ")
    .trim();
}

/** `Owner of the repository. (1..100, default 5)`. */
export function commentLine({ description, notes, deprecated }: TypeComment): string {
  const said = [description.trim(), notes === "" ? "" : `(${notes})`].filter((part) => part !== "").join(" ");
  return deprecated ? `${said} @deprecated`.trim() : said;
}
