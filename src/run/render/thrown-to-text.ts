/**
 * The text of an error that is no run's: a mistake of the caller, a store that cannot be written. It fits the least
 * budget there is, so that it fits every budget.
 */
import type { CodemodeError } from "../../errors.ts";
import { leastResultTokens } from "../../spec/limits.ts";
import { cutLines, cutText } from "./cut-text.ts";
import { poses, quoteLines } from "./foreign-text.ts";
import { mostTokens } from "./most-tokens.ts";
import { showHidden } from "../../show-hidden.ts";

/** Tokens of the code and the hint, of those there are. */
const hintTokens = 110;

export function thrownToText({ code, message, hint }: CodemodeError): string {
  const next = hint === undefined ? "" : `\n${cutText(hint, hintTokens, showHidden)}`;
  const left = leastResultTokens - mostTokens(next) - 2;
  const said = cutText(message, left, showHidden);
  if (!poses(said)) return `${cutText(`${code}: ${said}`, left)}${next}`;
  return `${cutLines([`${code}, in words of somebody else:`, ...quoteLines(said).split("\n")], left)}${next}`;
}
