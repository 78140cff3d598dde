/**
 * Carries what sources ask in the middle of calls to the person or model at the client: bounded in number, one at a time
 * for each call, labelled with the source, and only what may be asked at all. What is answered goes to that source and
 * nowhere else; it approves nothing.
 */
import { CodemodeError, toCodemodeError } from "../../errors.ts";
import type { AskModel, AskPerson } from "../../spec/ask.ts";
import type { UpstreamAnswer, UpstreamQuestion } from "../../spec/source.ts";
import type { Tool } from "../../spec/tool.ts";
import type { CallClock } from "../call-with-deadline.ts";
import { answerProblem } from "../person/check-answer.ts";
import type { RunRecord } from "../run-record.ts";
import { questionToForm } from "./question-to-form.ts";
import { questionToPrompt } from "./question-to-prompt.ts";

export interface RelayContext {
  readonly ask: AskModel | undefined;
  readonly askPerson: AskPerson | undefined;
  readonly record: Pick<RunRecord, "runId" | "emit">;
  readonly principal: string;
}

export interface AskingCall {
  readonly tool: Pick<Tool, "path" | "source">;
  readonly seq: number;
  readonly clock: CallClock;
}

export type RelayQuestion = (question: UpstreamQuestion, call: AskingCall) => Promise<UpstreamAnswer>;

/** Of one call, and of one session of a run. */
const most = { call: 5, run: 20 };
const mostSampledTokens = 4_096;
/** A little less than what HTTP clients wait for the next byte. */
const personMs = 240_000;
const modelMs = 120_000;

/** The function throws `relay_declined`, whatever the reason is. */
export function createRelay(context: RelayContext): RelayQuestion {
  const asked = new Map<number, number>();
  const asking = new Set<number>();
  let total = 0;
  return async (question, call) => {
    const { tool, seq, clock } = call;
    const times = (asked.get(seq) ?? 0) + 1;
    asked.set(seq, times);
    total += 1;
    if (times > most.call || total > most.run)
      throw declined(call, question, "it has asked too often: at most 5 times in a call, 20 in a run");
    if (asking.has(seq)) throw declined(call, question, "its last question has not been answered yet");
    if (clock.over.aborted) throw declined(call, question, "the call is over");
    asking.add(seq);
    context.record.emit({
      type: "progress",
      call: seq,
      path: tool.path,
      done: times,
      message: question.kind === "sampling" ? "asks a model" : "asks a person",
    });
    try {
      return await clock.hold(answer(question, call, context));
    } catch (thrown) {
      const error = toCodemodeError(thrown);
      if (error.code === "relay_declined") throw error;
      throw declined(call, question, `nobody answered (${error.message.slice(0, 300)})`);
    } finally {
      asking.delete(seq);
    }
  };
}

async function answer(
  question: UpstreamQuestion,
  call: AskingCall,
  context: RelayContext,
): Promise<UpstreamAnswer> {
  const refuse = (why: string): never => {
    throw declined(call, question, why);
  };
  if (question.kind === "sampling") {
    const { ask } = context;
    if (ask === undefined) return refuse("the client offers no model");
    const prompt = questionToPrompt(question, call.tool, refuse);
    const maxTokens = Math.min(question.maxTokens, mostSampledTokens);
    const text = await within(modelMs, call, (signal) => ask({ prompt, maxTokens, ...ids(context), signal }));
    return { action: "sampled", text: typeof text === "string" ? text : JSON.stringify(text) };
  }
  const { askPerson } = context;
  if (askPerson === undefined) return refuse("the client cannot ask its user");
  const form = questionToForm(question, call.tool, refuse);
  const given = await within(personMs, call, (signal) => askPerson({ ...form, ...ids(context), signal }));
  const problem = given.action === "accept" ? answerProblem(form.schema, given.content) : undefined;
  return problem === undefined ? given : refuse(`the answer does not fit what it asked: ${problem}`);
}

function ids({ record, principal }: RelayContext): { readonly runId: string; readonly principal: string } {
  return { runId: record.runId, principal };
}

/** Whoever is asked may never answer, and may not listen to the signal. */
async function within<T>(
  ms: number,
  { clock }: AskingCall,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const signal = AbortSignal.any([clock.over, AbortSignal.timeout(ms)]);
  const over = Promise.withResolvers<never>();
  const giveUp = (): void =>
    over.reject(
      new CodemodeError("source_timeout", clock.over.aborted ? "the call is over" : `not within ${ms} ms`),
    );
  signal.addEventListener("abort", giveUp, { once: true });
  over.promise.catch(() => undefined);
  try {
    return await Promise.race([ask(signal), over.promise]);
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}

function declined(
  { tool }: AskingCall,
  { kind }: Pick<UpstreamQuestion, "kind">,
  why: string,
): CodemodeError {
  const whom = kind === "sampling" ? "a model" : "a person";
  return new CodemodeError(
    "relay_declined",
    `The source "${tool.source}" wanted to ask ${whom} in the middle of tools.${tool.path}, and was declined: ${why}.`,
    { hint: "Look for parameters that say beforehand what it would ask, or tell the user what it needs." },
  );
}
