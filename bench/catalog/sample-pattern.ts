/** A text that fits a simple pattern: literals, classes, groups, alternatives and bounded repetition. */

/** `undefined` for a pattern with anything else in it, or when the text made does not fit after all. */
export function samplePattern(pattern: string): string | undefined {
  const reader = { pattern, at: 0 };
  const text = readAlternatives(reader);
  if (text === undefined || reader.at < pattern.length) return undefined;
  return fits(pattern, text) ? text : undefined;
}

interface Reader {
  readonly pattern: string;
  at: number;
}

function fits(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern, "u").test(text);
  } catch {
    return false;
  }
}

/** The first of the alternatives counts; the others are only read over. */
function readAlternatives(reader: Reader): string | undefined {
  const first = readSequence(reader);
  while (reader.pattern[reader.at] === "|") {
    reader.at += 1;
    if (readSequence(reader) === undefined) return undefined;
  }
  return first;
}

function readSequence(reader: Reader): string | undefined {
  let text = "";
  while (reader.at < reader.pattern.length && !"|)".includes(reader.pattern[reader.at] ?? "")) {
    const atom = readAtom(reader);
    if (atom === undefined) return undefined;
    text += atom.repeat(readCount(reader));
  }
  return text;
}

function readAtom(reader: Reader): string | undefined {
  const { pattern } = reader;
  const character = pattern[reader.at++] ?? "";
  switch (character) {
    case "^":
    case "$":
      return "";
    case ".":
      return "x";
    case "\\":
      return readEscape(pattern[reader.at++] ?? "");
    case "[":
      return readClass(reader);
    case "(": {
      const skipped = /^\?(?::|<[a-z]\w*>)/i.exec(pattern.slice(reader.at))?.[0] ?? "";
      if (skipped === "" && pattern[reader.at] === "?") return undefined;
      reader.at += skipped.length;
      const inner = readAlternatives(reader);
      return pattern[reader.at++] === ")" ? inner : undefined;
    }
    default:
      return character;
  }
}

function readEscape(letter: string): string | undefined {
  const known: { readonly [letter: string]: string } = { d: "1", w: "a", s: " ", D: "a", W: "-", S: "a" };
  return known[letter] ?? (/[\p{L}\p{N}]/u.test(letter) ? undefined : letter);
}

/** Some character of the class: a plain one that a test of the class alone lets through. */
function readClass(reader: Reader): string | undefined {
  const end = /^(?:\\.|[^\]\\])*\]/.exec(reader.pattern.slice(reader.at))?.[0].length;
  if (end === undefined) return undefined;
  const text = `[${reader.pattern.slice(reader.at, reader.at + end)}`;
  reader.at += end;
  return "a 1 A 0 - _ / . : z Z 9 @ #"
    .split(" ")
    .concat(" ")
    .find((each) => fits(`^${text}$`, each));
}

function readCount(reader: Reader): number {
  const found = /^(?:[*+?]|\{(\d+)(?:,(\d*))?\})\??/.exec(reader.pattern.slice(reader.at));
  if (found === null) return 1;
  reader.at += found[0].length;
  return found[1] === undefined ? 1 : Math.min(Number(found[1]), 500);
}
