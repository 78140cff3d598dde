/**
 * The text of a snippet with edits applied, and the way back from positions in the result to positions in
 * what the model sent. Knows nothing of what the edits mean.
 */

export interface Edit {
  /** Offset in the original text. */
  readonly at: number;
  readonly remove: number;
  readonly text: string;
}

export interface Position {
  /** One-based. */
  readonly line: number;
  readonly column: number;
}

export interface EditedText {
  readonly text: string;
  /** From a position in `text` to the nearest one in the original. */
  toOriginal(position: Position): Position;
}

/** Applies `edits` (any order, not overlapping) to `original` and puts `prefix` on its first line. */
export function editText(original: string, edits: readonly Edit[], prefix: string): EditedText {
  const ordered = [...edits].sort((a, b) => a.at - b.at);
  const pieces: string[] = [prefix];
  /** Each kept stretch: where it starts in the result and in the original. */
  const stretches: { readonly result: number; readonly original: number; readonly length: number }[] = [];
  let resultAt = prefix.length;
  let originalAt = 0;
  const keep = (until: number): void => {
    if (until <= originalAt) return;
    stretches.push({ result: resultAt, original: originalAt, length: until - originalAt });
    pieces.push(original.slice(originalAt, until));
    resultAt += until - originalAt;
    originalAt = until;
  };
  for (const edit of ordered) {
    keep(edit.at);
    pieces.push(edit.text);
    resultAt += edit.text.length;
    originalAt = Math.max(originalAt, edit.at + edit.remove);
  }
  keep(original.length);
  const text = pieces.join("");
  return {
    text,
    toOriginal(position) {
      const offset = toOffset(text, position);
      const stretch = stretches.findLast((each) => each.result <= offset) ?? {
        result: offset,
        original: 0,
        length: 0,
      };
      return toPosition(original, stretch.original + Math.min(offset - stretch.result, stretch.length));
    },
  };
}

export function toPosition(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  return { line, column: offset - (before.lastIndexOf("\n") + 1) + 1 };
}

function toOffset(text: string, { line, column }: Position): number {
  let start = 0;
  for (let at = 1; at < line; at += 1) {
    const next = text.indexOf("\n", start);
    if (next === -1) return text.length;
    start = next + 1;
  }
  return Math.min(text.length, start + column - 1);
}
