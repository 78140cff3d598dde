/**
 * Text of strangers on its way to a person who decides, on one line: besides what is never seen, spaces that are not the
 * common one are shown as their number.
 */
import { showHidden } from "../../../show-hidden.ts";

const otherSpaces = /[\n\t]|(?! )\p{Zs}/gu;

/** Never cut. */
export function visibleText(text: string): string {
  return showHidden(text).replaceAll(
    otherSpaces,
    (char) => `⟨U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`,
  );
}
