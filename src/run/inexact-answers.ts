/**
 * Which numbers of a run's answers are not what the sources wrote: by call for its document, and as numbers, so that they
 * are known again where the program returns them.
 */
import type { CallRow } from "../spec/journal.ts";
import type { Answer } from "./answer.ts";
import { textToAnswer } from "./value-text.ts";
import { numbersAt } from "./value-to-view.ts";

/** Different numbers that are known again; with more, every answer is still told of by its places. */
const mostNumbers = 100_000;

export class InexactAnswers {
  readonly #answers: { [seq: string]: string[] } = {};
  readonly #numbers = new Set<number>();
  #any = false;

  constructor(recorded: Iterable<CallRow> = []) {
    for (const { seq, outcome } of recorded)
      // Nothing else begins like this; see `answerToText`.
      if (outcome?.startsWith("~") === true) this.note(seq, textToAnswer(outcome));
  }

  /** By call; `undefined` where all are exact. */
  get answers(): { readonly [seq: string]: string[] } | undefined {
    return this.#any ? this.#answers : undefined;
  }

  get numbers(): ReadonlySet<number> {
    return this.#numbers;
  }

  note(seq: number, answer: Answer): void {
    if (!answer.ok || answer.inexact === undefined) return;
    this.#any = true;
    this.#answers[seq] = [...answer.inexact];
    for (const number of numbersAt(answer.value, answer.inexact))
      if (this.#numbers.size < mostNumbers) this.#numbers.add(number);
  }
}
