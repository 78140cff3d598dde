/**
 * The order of recorded deliveries: kept whatever is issued when, ahead of the guest by so much and no more.
 */
import { expect, it } from "vitest";
import type { CallRow } from "../spec/journal.ts";
import { ReplayOrder } from "./replay-order.ts";

/** Rows that were delivered in the order of the list; each outcome has so many characters. */
function rows(seqs: readonly number[], characters = 1): CallRow[] {
  return seqs.map(
    (seq, delivered) => ({ seq, delivered: delivered + 1, outcome: "x".repeat(characters) }) as CallRow,
  );
}

const seqsOf = (due: readonly CallRow[]): number[] => due.map(({ seq }) => seq);
const upTo = (most: number): number[] => Array.from({ length: most }, (_, index) => index + 1);

it("gives each once, in the recorded order, when the first of them may be given", () => {
  const order = new ReplayOrder(rows([2, 1, 3]));
  expect(seqsOf(order.issued(1))).toEqual([2, 1, 3]);
  expect(order.finished).toBe(false);
  expect(order.issued(2)).toEqual([]);
  expect(order.finished).toBe(false);
  expect(order.issued(3)).toEqual([]);
  expect(order.finished).toBe(true);
});

it("runs 64 calls ahead of what was issued and no more, by the half", () => {
  const order = new ReplayOrder(rows(upTo(200)));
  expect(seqsOf(order.issued(1))).toEqual(upTo(65));
  for (let seq = 3; seq <= 33; seq += 1) expect(order.issued(seq)).toEqual([]);
  expect(seqsOf(order.issued(2))).toEqual(upTo(97).slice(65));
});

it("holds a Mi characters ahead, and gives what is larger when it is asked for", () => {
  const half = new ReplayOrder(rows(upTo(5), 2 ** 19));
  expect(seqsOf(half.issued(1))).toEqual([1, 2, 3]);
  expect(seqsOf(half.issued(2))).toEqual([4]);
  const large = new ReplayOrder(rows(upTo(3), 2 ** 20 + 1));
  expect(seqsOf(large.issued(1))).toEqual([1]);
  expect(seqsOf(large.issued(2))).toEqual([2]);
  expect(large.finished).toBe(false);
  expect(seqsOf(large.issued(3))).toEqual([3]);
  expect(large.finished).toBe(true);
});

it("knows nothing of what was not delivered", () => {
  const order = new ReplayOrder([{ seq: 1 } as CallRow, ...rows([2])]);
  expect(seqsOf(order.issued(1))).toEqual([2]);
  expect(order.finished).toBe(false);
});
