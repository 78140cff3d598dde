/** Names and strings of strangers as TypeScript source text. */

/** The name as it is where TypeScript allows it before a colon, quoted otherwise. */
export function propertyName(name: string): string {
  // A method called `new` would be a construct signature.
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) && name !== "new" ? name : stringLiteral(name);
}

/** A string literal on one line, whatever the string holds. */
export function stringLiteral(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u007F-\u009F\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF]/g,
    escape,
  );
}

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
