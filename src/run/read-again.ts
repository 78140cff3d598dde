/**
 * Makes a read again of whose outcome the record keeps only the hash, and refuses an answer that is not the same to the
 * byte: the snippet has gone on from the first one.
 */
import { CodemodeError, toCodemodeError } from "../errors.ts";
import { roundIntegers } from "../json/round-integers.ts";
import type { GuestCall } from "../spec/engine.ts";
import type { CallRow } from "../spec/journal.ts";
import type { Value } from "../spec/value.ts";
import type { Answer } from "./answer.ts";
import { answeredOtherwise, wrapping } from "./diverged.ts";
import { repeatRead, type DispatchContext } from "./dispatch.ts";
import { isInForce, replayRules } from "./replay-rules.ts";
import { answerToText, hashText } from "./value-text.ts";

/**
 * Throws `run_diverged` for another answer, `run_unresumable` when the tool is no read any more, and
 * `source_unavailable` when there is no answer: the run can then be resumed later.
 */
export async function readAgain(
  call: GuestCall,
  { outcomeHash = "" }: CallRow,
  context: DispatchContext,
): Promise<Answer> {
  const { limits } = context;
  const name = `tools.${call.path.join(".")}`;
  const answer = await answerOf(call, name, context);
  const now = toHash(answer, limits);
  if (now === outcomeHash) return answer;
  if (!isInForce(replayRules.exactNumbers, context.record.rules)) {
    const earlier = asReadBefore(answer).find((each) => toHash(each, limits) === outcomeHash);
    if (earlier !== undefined) return earlier;
  }
  throw answeredOtherwise(call, { before: outcomeHash, now }, limits.depth);
}

async function answerOf(
  call: GuestCall,
  name: string,
  context: DispatchContext,
): Promise<Extract<Answer, { ok: true }>> {
  try {
    return await repeatRead(call, context);
  } catch (thrown) {
    const cause = toCodemodeError(thrown);
    if (cause.code === "run_unresumable") throw cause;
    throw new CodemodeError(
      "source_unavailable",
      `The run needs what ${name} answered, which is not kept, and calling it again failed: ${cause.message}`,
      {
        cause,
        hint: "Resume the run once the source works again; nothing is lost.",
      },
    );
  }
}

/** As sources read numbers when the run was begun: all by `JSON.parse`, or all but whole ones. */
function asReadBefore({ value }: Extract<Answer, { ok: true }>): readonly Answer[] {
  return [
    { ok: true, value },
    { ok: true, value: roundIntegers(value) as Value },
  ];
}

function toHash(answer: Answer, { resultBytes, depth }: DispatchContext["limits"]): string {
  try {
    return hashText(answerToText(answer, { bytes: resultBytes, depth: depth + wrapping }));
  } catch {
    return "that of nothing that could be delivered";
  }
}
