/**
 * Takes out of a text what could act on a terminal or hide from a reader: control characters, ANSI escapes
 * and bidirectional overrides. What is visible stays as it is.
 */

const dangerous =
  // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
  /\u001B\[[0-?]*[ -/]*[@-~]|[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200B\u200E\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF\u2028\u2029]/g;

/** ANSI sequences vanish; every other such character becomes U+FFFD. */
export function neutralise(text: string): string {
  return text.replaceAll(dangerous, (found) => (found.length > 1 ? "" : "\uFFFD"));
}
