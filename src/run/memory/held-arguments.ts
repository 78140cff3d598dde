/**
 * The arguments of a run's calls, as far as the host holds them: large ones are left to the store once they are in it, and
 * read again when a document shows them. Bounds what the open questions of a run hold together.
 */
import { CodemodeError } from "../../errors.ts";
import type { CallRow, Journal } from "../../spec/journal.ts";

/** Characters of a call's arguments that stay in memory once they are in the journal. */
const mostHeldChars = 1_024;
/** Characters of arguments that a document shows of calls that ask nobody. */
const mostShownChars = 4 * 2 ** 20;
/** Characters of arguments that the questions of one session of a run may have together. */
export const mostAskedChars = 32 * 2 ** 20;

export class HeldArguments {
  /** By call: characters of its encoded arguments. */
  readonly #chars = new Map<number, number>();
  #askedChars = 0;

  issued(seq: number, args: string): void {
    this.#chars.set(seq, args.length);
  }

  chars(seq: number): number {
    return this.#chars.get(seq) ?? 0;
  }

  /** Throws `questions_too_large`. */
  asked(seq: number): void {
    this.#askedChars += this.chars(seq);
    if (this.#askedChars <= mostAskedChars) return;
    throw new CodemodeError(
      "questions_too_large",
      `The run asks a person about more than ${mostAskedChars / 2 ** 20} MiB of arguments at once.`,
      { hint: "Send less in one run, or ask about fewer calls at once: await each before the next." },
    );
  }

  /** The row as it is held once it is in the store. */
  leftToStore(row: CallRow): CallRow {
    return row.args.length > mostHeldChars ? { ...row, args: "", argsKept: true } : row;
  }

  /** The rows with their arguments: all that are `asked` about, of other writes as many as a document shows. */
  async whole(
    rows: readonly CallRow[],
    asked: ReadonlySet<number>,
    read: (seqs: readonly number[]) => ReturnType<Journal["callArguments"]>,
  ): Promise<readonly CallRow[]> {
    if (!rows.some(({ argsKept }) => argsKept === true)) return rows;
    let chars = 0;
    const wanted = rows.filter(({ seq, argsKept, effect }) => {
      if (argsKept !== true || effect === "read") return false;
      if (asked.has(seq)) return true;
      chars += this.chars(seq);
      return chars <= mostShownChars;
    });
    const found = new Map((await read(wanted.map(({ seq }) => seq))).map(({ seq, args }) => [seq, args]));
    return rows.map((row) =>
      row.argsKept === true ? { ...row, args: found.get(row.seq) ?? leftOut(this.chars(row.seq)) } : row,
    );
  }
}

/** In place of arguments that a document leaves out. */
function leftOut(chars: number): string {
  return JSON.stringify([`(${chars} characters, left out here; they are in the run's record)`]);
}
