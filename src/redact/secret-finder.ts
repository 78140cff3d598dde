/**
 * Finds secrets in a text, in whatever spelling, in one pass: a tree of their characters that is walked with what stands
 * at each place or with what an escape there stands for, so that many secrets cost what one does. A second tree is of
 * what stays of each inside Base64.
 */
import { isEscape, readEscapes, slashesAt, type Reading } from "./read-escapes.ts";

export interface SecretFinder {
  /** The first place from `from` on where a secret stands, and where it ends. */
  find(text: string, from: number): Found | undefined;
}

export interface Found {
  readonly start: number;
  readonly end: number;
}

interface Node {
  readonly next: Map<number, Node>;
  ends: boolean;
}

interface Tree {
  readonly root: Node;
  /** Of Base64: two alphabets, and lines broken anywhere, as in mail. */
  readonly isBase64: boolean;
  /** Whether something begins with these two characters, or with the first and an escape. */
  readonly pairs: Uint8Array;
}

const ascii = 128;
const backslash = 0x5c;

export function createSecretFinder(secrets: Iterable<string>): SecretFinder {
  const plain: Node = { next: new Map(), ends: false };
  const base64: Node = { next: new Map(), ends: false };
  for (const secret of secrets) {
    // Backslashes double with each level of escaping, so that however many there are stand for one another.
    insert(plain, secret.replaceAll(/\\+/g, "\\"));
    for (const core of coresOf(secret)) insert(base64, core);
  }
  const trees: readonly [Tree, Tree] = [
    { root: plain, isBase64: false, pairs: toPairs(plain, false) },
    { root: base64, isBase64: true, pairs: toPairs(base64, true) },
  ];
  return { find: (text, from) => find(trees, text, from) };
}

function insert(root: Node, text: string): void {
  let node = root;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    const next = node.next.get(unit) ?? { next: new Map<number, Node>(), ends: false };
    node.next.set(unit, next);
    node = next;
  }
  node.ends = true;
}

/** What stays the same in Base64 at each offset, of the secret as it is and as it is escaped before. */
function coresOf(secret: string): string[] {
  const text = secret.toWellFormed();
  const carried = new Set([text, encodeURIComponent(text), JSON.stringify(text).slice(1, -1)]);
  return [...carried].flatMap((each) =>
    [0, 1, 2].map((offset) => {
      const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(each)]);
      // The characters that no neighbour has a part in.
      const [start, end] = [Math.ceil((offset * 8) / 6), Math.floor((bytes.length * 8) / 6)];
      return bytes.toString("base64").slice(start, end);
    }),
  );
}

/** Characters beyond ASCII share the last number. */
function pairOf(first: number, second: number): number {
  return Math.min(first, ascii - 1) * ascii + Math.min(second, ascii - 1);
}

function toPairs({ next }: Node, isBase64: boolean): Uint8Array {
  const pairs = new Uint8Array(ascii * ascii);
  const mark = (first: number, second: number): void => {
    pairs[pairOf(first, second)] = 1;
  };
  for (const [first, { next: following }] of next) {
    const seconds = [
      ...following.keys(),
      ...(isBase64 ? "\\%&+\r\n" : "\\%&+").split("").map((each) => each.charCodeAt(0)),
    ];
    for (const one of isBase64 ? alike(first) : [first])
      for (const second of seconds.flatMap((each) => (isBase64 ? alike(each) : [each]))) mark(one, second);
  }
  return pairs;
}

const [plus, minus, slash, underscore] = [0x2b, 0x2d, 0x2f, 0x5f];

function alike(unit: number): number[] {
  return unit === plus ? [plus, minus] : unit === slash ? [slash, underscore] : [unit];
}

function find([plain, base64]: readonly [Tree, Tree], text: string, from: number): Found | undefined {
  const { length } = text;
  let first = text.charCodeAt(from);
  for (let at = from + 1; at < length; at += 1) {
    const second = text.charCodeAt(at);
    if (isEscape(first)) {
      const readings = readingsAt(text, at - 1);
      const end = Math.max(
        longest(plain, { text, at: at - 1, readings }),
        longest(base64, { text, at: at - 1, readings }),
      );
      if (end !== -1) return { start: at - 1, end };
      // From the first of several backslashes everything has been tried.
      if (first === backslash && second === backslash) at += slashesAt(text, at) - 1;
      first = text.charCodeAt(at);
      continue;
    }
    const pair = (first < ascii ? first : ascii - 1) * ascii + (second < ascii ? second : ascii - 1);
    first = second;
    const isPlain = plain.pairs[pair] === 1;
    const isBase64 = base64.pairs[pair] === 1;
    if (!isPlain && !isBase64) continue;
    const end = Math.max(
      isPlain ? longest(plain, { text, at: at - 1 }) : -1,
      isBase64 ? longest(base64, { text, at: at - 1 }) : -1,
    );
    if (end !== -1) return { start: at - 1, end };
  }
  return undefined;
}

interface Place {
  readonly text: string;
  readonly at: number;
  /** Where an escape stands there, what it may stand for. */
  readonly readings?: readonly Reading[];
  /** Where not at the beginning. */
  readonly node?: Node;
  /** Ends of line that were passed just before. */
  readonly breaks?: number;
}

/** Where the longest secret from here on ends, or -1. As deep as a secret has characters that are escaped. */
function longest(tree: Tree, { text, at, readings, node = tree.root, breaks = 0 }: Place): number {
  let end = -1;
  for (let here = at; ; here += 1) {
    if (node.ends) end = here;
    const unit = text.charCodeAt(here);
    if (isEscape(unit) || (tree.isBase64 && isBreak(unit))) {
      const all = (here === at ? readings : undefined) ?? readingsAt(text, here);
      for (const reading of all) end = Math.max(end, follow(tree, node, { text, reading, breaks }));
      return end;
    }
    const next = node.next.get(tree.isBase64 ? standard(unit) : unit);
    if (next === undefined) return end;
    node = next;
    breaks = 0;
  }
}

function readingsAt(text: string, at: number): readonly Reading[] {
  const unit = text.charCodeAt(at);
  const asItIs = { units: [unit], end: at + 1 };
  if (!isEscape(unit)) return [asItIs];
  // A run of backslashes is read as one, with what follows it and alone.
  return unit === backslash ? readEscapes(text, at) : [asItIs, ...readEscapes(text, at)];
}

function follow(
  tree: Tree,
  node: Node,
  { text, reading, breaks }: { readonly text: string; readonly reading: Reading; readonly breaks: number },
): number {
  let child: Node | undefined = node;
  for (const unit of reading.units) child = child?.next.get(tree.isBase64 ? standard(unit) : unit);
  if (child !== undefined) return longest(tree, { text, at: reading.end, node: child });
  const isWrapped = tree.isBase64 && node !== tree.root && breaks < maxBreaks && isBreak(reading.units[0]);
  return isWrapped ? longest(tree, { text, at: reading.end, node, breaks: breaks + 1 }) : -1;
}

/** A carriage return and a line feed. */
const maxBreaks = 2;

function standard(unit: number): number {
  return unit === minus ? plus : unit === underscore ? slash : unit;
}

function isBreak(unit: number | undefined): boolean {
  return unit === 0x0a || unit === 0x0d;
}
