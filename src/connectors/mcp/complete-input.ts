/**
 * Sees a call of the 2026-07-28 revision through to its end: while it is answered with `input_required`, what it asks is
 * relayed and the call is made again with the answers and the server's own state.
 */
import { CallError, gravestOf, outcomeOf, withOutcome } from "../../call-error.ts";
import { toCodemodeError } from "../../errors.ts";
import { roundIntegers } from "../../json/round-integers.ts";
import { isRecord } from "../../schema/is-record.ts";
import { isRelayed, toQuestion, toResult, type Relay } from "./relay-request.ts";

export interface InputAnswers {
  readonly inputResponses?: { readonly [key: string]: { readonly [field: string]: unknown } };
  readonly requestState?: string;
}

interface Answered {
  readonly result: Result;
  readonly inexact: readonly string[];
}
type Result = { readonly [key: string]: unknown };

/** The server may wait for something else than an answer, with nothing but a state: that counts too. */
const mostRounds = 6;
const mostRequests = 5;

/** Throws `relay_declined`, also when the server asks again and again, and whatever `call` throws. */
export async function completeInput(
  call: (answers: InputAnswers) => Promise<Answered>,
  relay: Relay,
  named: { readonly source: string; readonly tool: string },
): Promise<Answered> {
  let answers: InputAnswers = {};
  for (let round = 0; round < mostRounds; round += 1) {
    const answered = await (round === 0 ? call(answers) : call(answers).catch(begun));
    if (answered.result["resultType"] !== "input_required") return answered;
    answers = await answerAll(answered.result, relay, named);
  }
  throw declined(named, "it asks again and again");
}

/** Whatever became of this request, the server has worked on the one before it. */
function begun(thrown: unknown): never {
  throw withOutcome(thrown, gravestOf("failed", outcomeOf(thrown)));
}

async function answerAll(
  { inputRequests, requestState }: Result,
  relay: Relay,
  named: { readonly source: string; readonly tool: string },
): Promise<InputAnswers> {
  const requests = isRecord(inputRequests) ? Object.entries(inputRequests) : [];
  if (requests.length > mostRequests)
    throw declined(named, `it asks more than ${mostRequests} things at once`);
  if (requests.length === 0 && typeof requestState !== "string")
    throw declined(named, "it does not say what it asks");
  const responses: [string, { readonly [field: string]: unknown }][] = [];
  for (const [key, request] of requests) {
    const method = isRecord(request) ? request["method"] : undefined;
    if (!isRecord(request) || typeof method !== "string" || !isRelayed(method))
      throw declined(named, "it asks what no client answers");
    responses.push([key, toResult(await asked(method, roundIntegers(request["params"]), { relay, named }))]);
  }
  return {
    ...(responses.length === 0 ? {} : { inputResponses: Object.fromEntries(responses) }),
    ...(typeof requestState === "string" ? { requestState } : {}),
  };
}

async function asked(
  method: string,
  params: unknown,
  {
    relay,
    named,
  }: { readonly relay: Relay; readonly named: { readonly source: string; readonly tool: string } },
): ReturnType<Relay> {
  try {
    return await relay(toQuestion(method, params));
  } catch (thrown) {
    const error = toCodemodeError(thrown);
    throw error.code === "usage" ? declined(named, error.message) : withOutcome(error, "failed");
  }
}

function declined(
  { source, tool }: { readonly source: string; readonly tool: string },
  why: string,
): CallError {
  return new CallError("relay_declined", `"${source}" did not finish ${tool}: ${why}.`, {
    hint: "Look for parameters that say beforehand what it would ask, or tell the user what it needs.",
    outcome: "failed",
  });
}
