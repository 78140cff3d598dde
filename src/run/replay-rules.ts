/**
 * The rules of replay, by version.
 *
 * A run is replayed by running its program again and answering its calls from the record. Whatever the host does
 * to a recorded value, an error or an order on its way to the program is therefore part of the record, though it
 * is written nowhere in it: a host that does it otherwise makes a program take another branch, which ends the run
 * as `run_diverged`. A run may wait for weeks, so the host that continues it may be newer than the one that began it.
 *
 * Hence every run keeps the version of the rules that it was begun with (`runs.rules`), and a rule that changes
 * becomes an entry here: the host asks `isInForce(replayRules.someRule, origin.rules)` and keeps the earlier way for
 * runs begun before. An entry is never edited or removed, and its number is never given again. Runs of each version
 * are kept as fixtures under test/fixtures/runs, and every later version replays and continues them
 * (test/durability/replay-rules.test.ts). The model is Temporal's workflow flags.
 *
 * Versions:
 * 1. Runs that carry no version: before rules were recorded.
 * 2. Rules are recorded, and numbers in what sources answer are exact.
 */
import { CodemodeError } from "../errors.ts";
import type { RunOrigin } from "../spec/journal.ts";

export interface ReplayRule {
  /** Never given to another rule. */
  readonly number: number;
  /** The first version of the rules under which it holds. */
  readonly since: number;
  /** What the program sees otherwise than before, and why that had to change. */
  readonly reason: string;
}

/** What a run begun by this host records. Raised with every release that adds a rule. */
export const rulesVersion = 2;

export const replayRules = {
  exactNumbers: {
    number: 1,
    since: 2,
    reason:
      "An integer beyond 2^53 in an answer is a bigint, where MCP servers' answers had the nearest number: a rounded id names another record. A read of which only the hash is kept and that is made again answers as it did.",
  },
  meansWholeProgram: {
    number: 3,
    since: 2,
    reason:
      "Of several blocks of code only the first ran, and functions that nothing called were not: the run succeeded and had done half of what was meant, or nothing. All blocks run, and such a function is called or the program refused.",
  },
  unknownWrites: {
    number: 2,
    since: 2,
    reason:
      "A write of which nobody knows whether it happened is put to a person, and the same write is not sent again beside it. Before, the program was told the error, and what it then did was often to send the write once more.",
  },
} as const satisfies { readonly [name: string]: ReplayRule };

/** `version` is the run's own, absent for runs of before versions were recorded. */
export function isInForce(rule: ReplayRule, version: number | undefined): boolean {
  return (version ?? 1) >= rule.since;
}

/** Throws `run_unresumable` for a run begun under rules that this version does not know. The run stays as it is. */
export function refuseNewerRules({ runId, rules = 1 }: Pick<RunOrigin, "runId" | "rules">): void {
  if (rules <= rulesVersion) return;
  throw new CodemodeError(
    "run_unresumable",
    `The run ${runId} was begun under version ${rules} of the replay rules; this version of codemode knows those up to ${rulesVersion}.`,
    { hint: "Continue it with the newer version of codemode; the run waits as it is." },
  );
}
