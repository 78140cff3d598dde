/**
 * Text of strangers on its way to a person who decides: whatever is not seen, moves the cursor, turns the direction or
 * recolours is shown as its number.
 */

const unseen = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Bidi_Control}]|(?! )\p{Zs}/gu;

/** On one line, and never cut. */
export function visibleText(text: string): string {
  return text.replaceAll(unseen, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}
