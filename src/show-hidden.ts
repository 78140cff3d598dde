/**
 * The one function that makes text of strangers visible, for every surface: terminal, forms, answers, searches, types.
 * Whatever Unicode calls default-ignorable, bidirectional or control, and whatever else shows nothing, is written as an
 * escape. Nothing is dropped: text gets `⟨U+202E⟩`, JSON the escape that means the same.
 */

/** Line feeds and tabs stay: whoever shows one line takes them out. */
const hidden =
  /[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u2800]|(?![\n\t])\p{Cc}/gu;
/** What has no picture of its own, or none that everybody has. */
const unknown = /[\p{Co}\p{Cn}]/gu;

/** A picture that Unicode itself lists hides nothing, though it is written with joiners; flags by tags are none of it. */
const picture = /^[\p{RGI_Emoji}--\p{RGI_Emoji_Tag_Sequence}]$/v;
/** What may be one: looked for first, since the list is long. */
const keepable =
  /\p{Emoji}[\u{1F3FB}-\u{1F3FF}]?\uFE0F?\u20E3?(?:\u200D\p{Emoji}[\u{1F3FB}-\u{1F3FF}]?\uFE0F?)*|[\u200C\u200D]/gu;
const longestPicture = 40;
const mostKnown = 4_000;
/** Letters that are written with a joiner between them. */
const joined =
  /\p{Script=Arabic}|\p{Script=Syriac}|\p{Script=Devanagari}|\p{Script=Bengali}|\p{Script=Gujarati}|\p{Script=Gurmukhi}|\p{Script=Kannada}|\p{Script=Malayalam}|\p{Script=Oriya}|\p{Script=Sinhala}|\p{Script=Tamil}|\p{Script=Telugu}|\p{Script=Khmer}|\p{Script=Mongolian}/u;

export interface ShowOptions {
  /**
   * `exact` (default): where a person decides, and for names, every such character is shown. `prose`: for what a model
   * reads of data, pictures that Unicode lists and joiners between letters that are written with them stay.
   */
  readonly text?: "exact" | "prose";
}

export function showHidden(text: string, { text: kind = "exact" }: ShowOptions = {}): string {
  if (isPrintable(text)) return text;
  const plain = text.replaceAll("\r\n", "\n");
  if (kind === "prose") return escapeParts(plain, (found) => toMarks(found, hidden));
  return toMarks(toMarks(plain, hidden), unknown);
}

function toMarks(text: string, what: RegExp): string {
  return text.replaceAll(what, (found) => mark(found));
}

function mark(found: string): string {
  return `⟨U+${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`;
}

/** JSON that means the same value and hides nothing. */
export function escapeHidden(json: string, { text: kind = "exact" }: ShowOptions = {}): string {
  if (isPrintable(json)) return json;
  const escape = (text: string): string => text.replaceAll(hidden, toEscape);
  if (kind === "prose") return escapeParts(json, escape);
  return escape(json).replaceAll(unknown, toEscape);
}

function toEscape(found: string): string {
  let escaped = "";
  for (let at = 0; at < found.length; at += 1)
    escaped += `\\u${found.charCodeAt(at).toString(16).padStart(4, "0")}`;
  return escaped;
}

/** All but the pictures, and the joiners that a script is written with. */
function escapeParts(text: string, escape: (part: string) => string): string {
  // What most texts of other scripts are: nothing in them is written with joiners.
  if (!/\u200C|\u200D|\uFE0F/.test(text)) return escape(text);
  let shown = "";
  let from = 0;
  for (const { index, 0: kept } of text.matchAll(keepable)) {
    if (!stays(text, index, kept)) continue;
    shown += escape(text.slice(from, index)) + kept;
    from = index + kept.length;
  }
  return shown + escape(text.slice(from));
}

/** To look one up in the list takes some fifty microseconds; texts repeat a few. */
const known = new Map<string, boolean>();

function isPicture(text: string): boolean {
  if (text.length > longestPicture) return false;
  const before = known.get(text);
  if (before !== undefined) return before;
  if (known.size >= mostKnown) known.clear();
  const found = picture.test(text);
  known.set(text, found);
  return found;
}

function stays(text: string, at: number, kept: string): boolean {
  if (kept !== "\u200C" && kept !== "\u200D") return kept.length > 1 && isPicture(kept);
  const before = /.$/u.exec(text.slice(Math.max(0, at - 2), at))?.[0] ?? "";
  const after = String.fromCodePoint(text.codePointAt(at + 1) ?? 32);
  return joined.test(before) && joined.test(after);
}

/** Nothing but visible ASCII and spaces: what most strings are, and all that needs no second look. */
export function isPrintable(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 32 || code > 126) return false;
  }
  return true;
}
