/**
 * Measures JSON bytes before anything is parsed: how deep they nest and how many values they may hold. It
 * does not validate; `JSON.parse` does, on what passed.
 */

export interface JsonShape {
  readonly depth: number;
  /** An upper bound of the number of values. */
  readonly nodes: number;
}

const quote = 0x22;
const comma = 0x2c;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** One pass over the bytes; stops early, with `undefined`, once a limit is passed. */
export function scanJson(bytes: Uint8Array, limits: JsonShape): JsonShape | undefined {
  let depth = 0;
  let deepest = 0;
  let nodes = 1;
  for (let at = 0; at < bytes.length; at++) {
    switch (bytes[at]) {
      case quote:
        at = closingQuote(bytes, at);
        break;
      case comma:
        nodes++;
        break;
      case openBracket:
      case openBrace:
        depth++;
        nodes++;
        if (depth > deepest) deepest = depth;
        if (depth > limits.depth || nodes > limits.nodes) return undefined;
        break;
      case closeBracket:
      case closeBrace:
        depth--;
        break;
      default:
    }
  }
  return nodes > limits.nodes ? undefined : { depth: deepest, nodes };
}

function closingQuote(bytes: Uint8Array, opening: number): number {
  let at = opening + 1;
  while (at < bytes.length && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1;
  return at;
}
