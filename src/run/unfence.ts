/**
 * Takes a snippet out of the Markdown fence it may stand in, keeping every line where it was.
 */

/** The text with fences, prose around them, and a byte order mark blanked out; line numbers stay. */
export function unfence(text: string): string {
  const plain = text.replace(/^\uFEFF/, " ").replaceAll("\r\n", "\n");
  const open = /^[ \t]*(`{3,}|~{3,})[ \t]*(?:typescript|javascript|tsx?|jsx?|mjs|mts|codemode)?[ \t]*$/m.exec(
    plain,
  );
  if (open === null || !isProse(plain.slice(0, open.index))) return plain;
  const fence = open[1] ?? "```";
  const start = open.index + open[0].length;
  const close = plain.indexOf(`\n${fence}`, start);
  const end = close === -1 ? plain.length : close;
  return blankOut(plain.slice(0, start)) + plain.slice(start, end) + blankOut(plain.slice(end));
}

/** Before an opening fence only prose may stand: code there means the backticks belong to the code. */
function isProse(before: string): boolean {
  return !/[;{}=]|=>/.test(before);
}

/** Spaces in the place of everything but line ends. */
export function blankOut(text: string): string {
  return text.replaceAll(/[^\n]/g, " ");
}
