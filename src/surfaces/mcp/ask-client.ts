/**
 * Lets a client that can put questions to its user answer what a run asks, inside the same `execute`. Of the
 * `initialize` era the client is asked by a request of the server; since 2026-07-28 the call is answered with
 * `input_required` and a sealed state, and goes on when the client calls again with the answers. Whoever can
 * do neither gets the paused run.
 */
import { inputRequired, inputResponse, isInputRequiredResult } from "@modelcontextprotocol/server";
import type { ClientCapabilities, InputRequiredResult, ServerContext } from "@modelcontextprotocol/server";
import { CodemodeError } from "../../errors.ts";
import type { Codemode } from "../../index.ts";
import { clientCapabilities, offersForms } from "./client-capabilities.ts";
import { isLiveState } from "./live-run.ts";
import type { Outcome } from "./live-run.ts";
import { questionsToForm } from "./question-form.ts";
import type { Answer, QuestionForm } from "./question-form.ts";
import { invalid } from "./request-state.ts";
import type { RequestStateSealer } from "./request-state.ts";

export interface ClientApprovals {
  readonly sealer: RequestStateSealer;
  /** Milliseconds a client of the `initialize` era has for an answer. Default 10 minutes. */
  readonly waitMs?: number;
}

export interface AskRequest {
  readonly codemode: Codemode;
  readonly context: ServerContext;
  readonly principal: string;
  readonly approvals: ClientApprovals;
  /** The arguments of the tool call. */
  readonly args: unknown;
  /** What the client declared when it initialized; the newer era declares with each request. */
  readonly declared: ClientCapabilities | undefined;
  readonly begin: () => Promise<Outcome>;
  readonly resume: (runId: string) => Promise<Outcome>;
}

const answersKey = "answers";
const defaultWaitMs = 600_000;
/** Rounds of questions within one call; after them the run is left paused. */
const mostRounds = 50;

/** Throws `approval_state_invalid` and `approval_not_pending`; nothing has been sent then. */
export async function executeAsking(request: AskRequest): Promise<Outcome> {
  const { inputResponses } = request.context.mcpReq;
  const state = request.context.mcpReq.requestState();
  const isAnswer = state !== undefined || inputResponses !== undefined;
  if (isAnswer && !isLiveState(state)) return continueAnswered(request, state);
  return askOn(request, await request.begin());
}

async function askOn(request: AskRequest, begun: Outcome): Promise<Outcome> {
  const { context, codemode, principal } = request;
  let execution = begun;
  for (let round = 0; round < mostRounds; round += 1) {
    if (isInputRequiredResult(execution)) return execution;
    if (execution.document.status !== "paused" || !offersForms(clientCapabilities(context, request.declared)))
      return execution;
    const { runId } = execution.document;
    const form = questionsToForm(await codemode.questions({ runId, principal }));
    if (form === undefined) return execution;
    if (context.mcpReq.envelope !== undefined) return toInputRequired(request, runId, form);
    const answers = await elicit(request, form);
    if (answers === undefined || answers.length === 0) return execution;
    await giveAnswers(request, runId, bind(answers, form)).catch(ignoreAnsweredElsewhere);
    execution = await request.resume(runId);
  }
  return execution;
}

/** What the person said; `undefined` when they said nothing: closed the form, took too long, or went away. */
async function elicit(
  { context, approvals }: AskRequest,
  form: QuestionForm,
): Promise<readonly Answer[] | undefined> {
  try {
    const { action, content } = await context.mcpReq.send(
      { method: "elicitation/create", params: form.params },
      { timeout: approvals.waitMs ?? defaultWaitMs, signal: context.mcpReq.signal },
    );
    if (action === "decline") return form.declined.length === 0 ? undefined : form.declined;
    return action === "accept" ? form.read(content) : undefined;
  } catch {
    return undefined;
  }
}

function toInputRequired(
  { approvals, principal, args }: AskRequest,
  runId: string,
  { params, questions }: QuestionForm,
): InputRequiredResult {
  return inputRequired({
    inputRequests: { [answersKey]: inputRequired.elicit(params) },
    requestState: approvals.sealer.seal(
      { runId, bindings: questions.map(({ binding }) => binding) },
      { principal, args },
    ),
  });
}

/** The client calls again with what its user said. The snippet it repeats is not run again. */
async function continueAnswered(request: AskRequest, state: unknown): Promise<Outcome> {
  const { codemode, context, principal, approvals, args } = request;
  if (typeof state !== "string") throw invalid("there is none beside the answers");
  const { runId, bindings } = approvals.sealer.open(state, { principal, args });
  const open = await codemode.questions({ runId, principal });
  const asked = open.questions.filter(({ binding }) => bindings.includes(binding));
  if (asked.length < bindings.length) throw answeredAlready(runId);
  const form = questionsToForm({ ...open, questions: asked });
  if (form === undefined) throw answeredAlready(runId);
  const response = inputResponse(context.mcpReq.inputResponses, answersKey);
  if (response.kind !== "elicit" || response.action === "cancel") return request.resume(runId);
  const answers = response.action === "decline" ? form.declined : form.read(response.content);
  if (answers === undefined) return toInputRequired(request, runId, form);
  if (answers.length === 0) return request.resume(runId);
  await giveAnswers(request, runId, bind(answers, form));
  return askOn(request, await request.resume(runId));
}

/** What was shown is what is answered: a call that has been asked about again since is not. */
function bind(answers: readonly Answer[], { questions }: QuestionForm): readonly Answer[] {
  return answers.map((answer) => {
    const shown = questions.find(({ seq }) => seq === answer.seq);
    return shown === undefined ? answer : { ...answer, binding: shown.binding };
  });
}

/** Each counts once, whoever else answers; throws when one had been answered already. */
async function giveAnswers(
  { codemode, principal }: AskRequest,
  runId: string,
  answers: readonly Answer[],
): Promise<void> {
  for (const answer of answers) await codemode.answer({ runId, principal, ...answer });
}

function ignoreAnsweredElsewhere(thrown: unknown): void {
  if (!(thrown instanceof CodemodeError) || thrown.code !== "approval_not_pending") throw thrown;
}

function answeredAlready(runId: string): CodemodeError {
  return new CodemodeError(
    "approval_not_pending",
    `What was asked of the run ${runId} has been answered already.`,
    {
      hint: `Nothing was answered by this. See how it stands with execute({ resume: "${runId}" }).`,
    },
  );
}
