/**
 * Makes visible what could act on a terminal or hide from a reader: control characters, ANSI sequences, bidirectional
 * overrides, invisible letters. Nothing is dropped in silence: text gets a mark, JSON the escape that means the same.
 */

// Joiners (U+200C, U+200D) stay: emoji and several scripts are written with them.
const hidden =
  // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u2028\u2029\u115F\u1160\u3164\uFFA0]|[\u{E0100}-\u{E01EF}]|(?![\u200C\u200D])\p{Cf}/gu;
// oxlint-disable-next-line no-control-regex -- the introducer of a terminal's sequences
const sequence = /(?:\u001B\[|\u009B)[0-?]*[ -/]*[@-~]|\u001B\][^\u0007\u001B\n]{0,500}(?:\u0007|\u001B\\)/g;

/** Text as lines: an ANSI sequence becomes `␛`, a control character its picture, anything else `⟨U+202E⟩`. */
export function showHidden(text: string): string {
  return text
    .toWellFormed()
    .replaceAll("\r\n", "\n")
    .replaceAll(sequence, "␛")
    .replaceAll(hidden, (found) => {
      const point = found.codePointAt(0) ?? 0;
      if (point < 32) return String.fromCharCode(0x2400 + point);
      return point === 127 ? "␡" : `⟨U+${point.toString(16).toUpperCase().padStart(4, "0")}⟩`;
    });
}

/** JSON that means the same value and hides nothing. */
export function escapeHidden(json: string): string {
  if (isPrintable(json)) return json;
  return json.replaceAll(hidden, (found) => {
    let escaped = "";
    for (let at = 0; at < found.length; at += 1)
      escaped += `\\u${found.charCodeAt(at).toString(16).padStart(4, "0")}`;
    return escaped;
  });
}

/** Nothing but visible ASCII and spaces: what most strings are, and all that needs no second look. */
export function isPrintable(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 32 || code > 126) return false;
  }
  return true;
}
