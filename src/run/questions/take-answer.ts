/**
 * Takes a person's word on a run: their code is asked for where there is one, and an answer that this host could not act
 * upon is not taken at all, so that none is spent.
 */
import type { ApprovalAnswer, ResumeRequest } from "../../spec/codemode.ts";
import { answerApprovals, refuseMisuse } from "../answer-approvals.ts";
import { requirePin, type PinOptions } from "../approval-pin.ts";
import type { ExecuteContext } from "../execute-context.ts";
import { findRun, refuseUnresumable } from "../resume-run.ts";
import { isEnded } from "../end-run.ts";
import { settleEnded } from "./settle-ended.ts";
import { refuseForeign } from "../sources/refuse-foreign.ts";

/** The number of answers that counted. Throws `pin_*`, `run_foreign`, `run_unresumable` and like `answerApprovals`. */
export async function takeAnswer(
  request: ApprovalAnswer,
  context: ExecuteContext,
  pin: PinOptions | undefined,
): Promise<number> {
  refuseMisuse(request);
  if (pin !== undefined) await requirePin(request.pin, pin);
  const run = await findRun(request, context);
  if (isEnded(run)) {
    const settled = await settleEnded(request, run, context);
    return settled > 0 ? settled : answerApprovals(request, context);
  }
  await (request.stop === true ? refuseForeign(run, context) : refuseUnresumable(run, context));
  return answerApprovals(request, context);
}

/** To accept another source may send what was approved for the first one: it is an answer like any other. */
export async function takeAcceptance(
  { acceptSources = [], pin: given }: ResumeRequest,
  pin: PinOptions | undefined,
): Promise<void> {
  if (acceptSources.length > 0 && pin !== undefined) await requirePin(given, pin);
}
