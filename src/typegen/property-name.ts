/** Names and strings of strangers as TypeScript source text. */
import { escapeHidden, showHidden } from "../show-hidden.ts";

/** The name as it is where TypeScript allows it before a colon, quoted otherwise. */
export function propertyName(name: string): string {
  // A method called `new` would be a construct signature.
  const plain = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) && name !== "new";
  return plain && showHidden(name) === name ? name : stringLiteral(name);
}

/** A string literal on one line, whatever the string holds. */
export function stringLiteral(text: string): string {
  return escapeHidden(JSON.stringify(text));
}
