/**
 * What an escape at a place of a text may stand for: of JSON and JavaScript, of URLs and forms, of HTML, each also when
 * it was escaped again. Several readings where several are possible; none where nothing is escaped. Pure.
 */

export interface Reading {
  /** UTF-16. */
  readonly units: readonly number[];
  /** Where the text goes on. */
  readonly end: number;
}

/** More backslashes before one character than any nesting of JSON makes. */
export const maxSlashes = 16;
const maxLevels = 4;
const backslash = 0x5c;
const none: readonly Reading[] = [];

export function isEscape(unit: number): boolean {
  return unit === backslash || unit === 0x25 || unit === 0x26 || unit === 0x2b;
}

export function readEscapes(text: string, at: number): readonly Reading[] {
  switch (text.charCodeAt(at)) {
    case backslash:
      return readSlashed(text, at);
    case 0x25:
      return readPercent(text, at);
    case 0x26:
      return readEntity(text, at);
    case 0x2b:
      return [{ units: [0x20], end: at + 1 }];
    default:
      return none;
  }
}

const controls = new Map(
  "bfnrt".split("").map((letter, at) => [letter.charCodeAt(0), [8, 12, 10, 13, 9][at] ?? 0]),
);

/** `\\/`, `\\n`, `\\u002f`, `\\x2f`, with more backslashes for each level of JSON within JSON. */
function readSlashed(text: string, at: number): readonly Reading[] {
  const after = at + slashesAt(text, at);
  const code = text.charCodeAt(after);
  const whole = { units: [backslash], end: after };
  const digits = code === 0x75 ? 4 : code === 0x78 ? 2 : 0;
  const hex = digits === 0 ? -1 : hexAt(text, after + 1, digits);
  if (hex !== -1) return [{ units: [hex], end: after + 1 + digits }, whole];
  const control = controls.get(code);
  if (control !== undefined) return [{ units: [control], end: after + 1 }, whole];
  // Markdown and shells put one before marks; nothing does before letters.
  return isWord(code) ? [whole] : [{ units: [code], end: after + 1 }, whole];
}

/** `%2F`, `%252F`, …; characters beyond ASCII in UTF-8. */
function readPercent(text: string, at: number): readonly Reading[] {
  const found: Reading[] = [];
  let prefix = 1;
  for (let level = 0; level < maxLevels; level += 1) {
    const byte = hexAt(text, at + prefix, 2);
    if (byte === -1) break;
    if (byte < 0x80) found.push({ units: [byte], end: at + prefix + 2 });
    else {
      const wide = readWide(text, at, { prefix, byte });
      if (wide !== undefined) found.push(wide);
    }
    if (byte !== 0x25) break;
    prefix += 2;
  }
  return found;
}

function readWide(
  text: string,
  at: number,
  { prefix, byte }: { readonly prefix: number; readonly byte: number },
): Reading | undefined {
  const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
  const bytes = Array.from({ length }, (_, index) => hexAt(text, at + index * (prefix + 2) + prefix, 2));
  if (bytes.includes(-1)) return undefined;
  const decoded = Buffer.from(bytes).toString();
  return { units: decoded.split("").map((unit) => unit.charCodeAt(0)), end: at + length * (prefix + 2) };
}

/** `&#47;`, `&#x2f;`, `&sol;`, and `&amp;#47;` for HTML within HTML. */
function readEntity(text: string, at: number): readonly Reading[] {
  const found: Reading[] = [];
  let end = at + 1;
  for (let level = 1; level < maxLevels && text.startsWith("amp;", end); level += 1) {
    end += 4;
    found.push({ units: [0x26], end });
  }
  if (text[end] === "#") return [...readNumber(text, end + 1), ...found];
  const semicolon = text.slice(end, end + 12).indexOf(";");
  const character = semicolon === -1 ? undefined : byName.get(text.slice(end, end + semicolon));
  if (character !== undefined) found.push({ units: [character.charCodeAt(0)], end: end + semicolon + 1 });
  return found.toReversed();
}

/** Without a semicolon at its end, digits that follow may belong to it or not. */
function readNumber(text: string, at: number): Reading[] {
  const isHex = text[at] === "x" || text[at] === "X";
  const start = isHex ? at + 1 : at;
  const [digits = ""] = (isHex ? /^[0-9a-f]{1,12}/i : /^\d{1,12}/).exec(text.slice(start, start + 12)) ?? [];
  const found: Reading[] = [];
  for (let length = digits.length; length > 0; length -= 1) {
    const code = Number.parseInt(digits.slice(0, length), isHex ? 16 : 10);
    if (code === 0 || code > 0x10ffff) continue;
    const end = start + length;
    const units = String.fromCodePoint(code)
      .split("")
      .map((unit) => unit.charCodeAt(0));
    found.push({ units, end: text[end] === ";" ? end + 1 : end });
  }
  return found;
}

/** HTML's names of the characters that programs escape. */
const named: { readonly [character: string]: readonly string[] } = {
  '"': ["quot", "QUOT"],
  "&": ["amp", "AMP"],
  "'": ["apos"],
  "<": ["lt", "LT"],
  ">": ["gt", "GT"],
  "!": ["excl"],
  "#": ["num"],
  $: ["dollar"],
  "%": ["percnt"],
  "(": ["lpar"],
  ")": ["rpar"],
  "*": ["ast"],
  "+": ["plus"],
  ",": ["comma"],
  ".": ["period"],
  "/": ["sol"],
  ":": ["colon"],
  ";": ["semi"],
  "=": ["equals"],
  "?": ["quest"],
  "@": ["commat"],
  "[": ["lsqb", "lbrack"],
  "\\": ["bsol"],
  "]": ["rsqb", "rbrack"],
  "^": ["Hat"],
  _: ["lowbar"],
  "`": ["grave"],
  "{": ["lcub", "lbrace"],
  "|": ["verbar", "vert"],
  "}": ["rcub", "rbrace"],
  "\n": ["NewLine"],
  "\t": ["Tab"],
};

const byName = new Map(
  Object.entries(named).flatMap(([character, names]) => names.map((name) => [name, character] as const)),
);

export function slashesAt(text: string, at: number): number {
  let count = 0;
  while (count < maxSlashes && text.charCodeAt(at + count) === backslash) count += 1;
  return count;
}

function isWord(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a);
}

/** -1 where there are no such digits. */
function hexAt(text: string, at: number, length: number): number {
  let value = 0;
  for (let digit = 0; digit < length; digit += 1) {
    const code = text.charCodeAt(at + digit);
    const letter = code | 0x20;
    if (code >= 0x30 && code <= 0x39) value = value * 16 + code - 0x30;
    else if (letter >= 0x61 && letter <= 0x66) value = value * 16 + letter - 0x57;
    else return -1;
  }
  return value;
}
