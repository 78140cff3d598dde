/**
 * Splits a text into the pieces that the o200k tokenizer never merges across, as its regular expression does,
 * but by hand: a budget is measured on every answer, and the expression takes most of the time.
 */

/** What a character is to the expression; a letter may be both upper and lower (`Lo`, `Lm`), and so is a mark. */
const kinds = { upper: 1, lower: 2, letter: 4, digit: 8, space: 16, newline: 32, slash: 64 } as const;
const inWord = kinds.upper | kinds.lower;
const known = 128;

/** By UTF-16 unit, filled as characters are met. */
const table = new Uint8Array(0x1_0000);

function kindOf(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  const kind = table[unit] ?? 0;
  if (kind !== 0) return kind;
  if (unit >= 0xd800 && unit <= 0xdbff) return kindOfPair(text.codePointAt(at) ?? unit);
  const fresh = classify(text.charAt(at));
  table[unit] = fresh;
  return fresh;
}

/** Beyond 16 bits, as many as a text commonly has. */
const pairs = new Map<number, number>();

function kindOfPair(point: number): number {
  const found = pairs.get(point);
  if (found !== undefined) return found;
  if (pairs.size >= 4_096) pairs.clear();
  const fresh = classify(String.fromCodePoint(point));
  pairs.set(point, fresh);
  return fresh;
}

function classify(character: string): number {
  let kind: number = known;
  if (/[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]/u.test(character)) kind |= kinds.upper;
  if (/[\p{Ll}\p{Lm}\p{Lo}\p{M}]/u.test(character)) kind |= kinds.lower;
  if (/\p{L}/u.test(character)) kind |= kinds.letter;
  if (/\p{N}/u.test(character)) kind |= kinds.digit;
  if (/\s/u.test(character)) kind |= kinds.space;
  if (character === "\r" || character === "\n") kind |= kinds.newline;
  if (character === "/") kind |= kinds.slash;
  return kind;
}

/** Where the character at `at` ends. */
function after(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  if (unit < 0xd800 || unit > 0xdbff) return at + 1;
  const low = text.charCodeAt(at + 1);
  return low >= 0xdc00 && low <= 0xdfff ? at + 2 : at + 1;
}

function run(text: string, from: number, kind: number): number {
  let at = from;
  while (at < text.length && (kindOf(text, at) & kind) !== 0) at = after(text, at);
  return at;
}

/** Where the piece that begins at `from` ends. */
export function pieceEnd(text: string, from: number): number {
  const first = kindOf(text, from);
  // Any one sign but a newline may lead a word.
  const led = (first & (kinds.letter | kinds.digit | kinds.newline)) === 0 ? after(text, from) : from;
  const mayLead = led > from && led < text.length && (kindOf(text, led) & inWord) !== 0;
  const isWord = (first & inWord) !== 0;
  const word =
    (mayLead ? smallWordEnd(text, led) : undefined) ??
    (isWord ? smallWordEnd(text, from) : undefined) ??
    (mayLead ? capitalsEnd(text, led) : undefined) ??
    (isWord ? capitalsEnd(text, from) : undefined);
  if (word !== undefined) return contractionEnd(text, word);
  if ((first & kinds.digit) !== 0) return digitsEnd(text, from);
  const signs = text.charCodeAt(from) === 0x20 ? from + 1 : from;
  const signsEnd = symbolsEnd(text, signs);
  return signsEnd > signs ? run(text, signsEnd, kinds.newline | kinds.slash) : spacesEnd(text, from);
}

/** Capitals if any, then small letters. */
function smallWordEnd(text: string, from: number): number | undefined {
  const capitals = run(text, from, kinds.upper);
  const small = run(text, capitals, kinds.lower);
  if (small > capitals) return small;
  // The expression gives back what it took as capitals until one of it is a small letter as well.
  for (let end = capitals; end > from;) {
    const at = before(text, end);
    if ((kindOf(text, at) & kinds.lower) !== 0) return end;
    end = at;
  }
  return undefined;
}

function capitalsEnd(text: string, from: number): number | undefined {
  const end = run(text, from, kinds.upper);
  return end > from ? end : undefined;
}

function before(text: string, at: number): number {
  const low = text.charCodeAt(at - 1);
  const high = text.charCodeAt(at - 2);
  return low >= 0xdc00 && low <= 0xdfff && high >= 0xd800 && high <= 0xdbff ? at - 2 : at - 1;
}

const contraction = /'(?:[sdmt]|ll|ve|re)/iy;

function contractionEnd(text: string, at: number): number {
  if (text.charCodeAt(at) !== 0x27) return at;
  contraction.lastIndex = at;
  return contraction.test(text) ? contraction.lastIndex : at;
}

function digitsEnd(text: string, from: number): number {
  let at = from;
  for (let taken = 0; taken < 3 && at < text.length && (kindOf(text, at) & kinds.digit) !== 0; taken += 1)
    at = after(text, at);
  return at;
}

function symbolsEnd(text: string, from: number): number {
  const other = kinds.letter | kinds.digit | kinds.space;
  let at = from;
  while (at < text.length && (kindOf(text, at) & other) === 0) at = after(text, at);
  return at;
}

/** Through the last newline of a run of spaces; else all but its last, which belongs to what follows. */
function spacesEnd(text: string, from: number): number {
  const end = run(text, from, kinds.space);
  for (let at = end; at > from; at -= 1) if ((kindOf(text, at - 1) & kinds.newline) !== 0) return at;
  return end === text.length || end - from === 1 ? end : end - 1;
}
