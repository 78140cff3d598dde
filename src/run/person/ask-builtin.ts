/**
 * `codemode.ask({ prompt, schema, maxTokens })`: one question of a snippet to a model. Bounded in number, size and time,
 * checked against its schema with one more try, and journaled, so that a replay does not ask again.
 */
import { CodemodeError } from "../../errors.ts";
import { isRecord } from "../../schema/is-record.ts";
import type { AskModel, ModelQuestion } from "../../spec/ask.ts";
import type { Json, Value } from "../../spec/value.ts";
import type { Builtins } from "../call-builtin.ts";
import type { RunRecord } from "../run-record.ts";
import { valueToJson } from "../value-to-json.ts";
import { answerProblem } from "./check-answer.ts";

export interface AskContext {
  /** Absent where there is no model to ask. */
  readonly ask: AskModel | undefined;
  readonly record: RunRecord;
  readonly signal: AbortSignal;
}

/** Of one run. */
const mostQuestions = 20;
const mostPrompt = 100_000;
const mostSchema = 16_384;
const mostAnswer = 262_144;
const defaultTokens = 1_000;
const mostTokens = 8_192;
const answerMs = 120_000;

const usage =
  'Call it as codemode.ask({ prompt: "…", schema: { type: "string", enum: ["bug", "idea"] }, maxTokens: 500 }).';

export function createAskBuiltin(context: AskContext): Builtins {
  return new Map([
    [
      "ask",
      async ({ seq, args: [given], principal }) => {
        if (context.ask === undefined)
          throw new CodemodeError("unsupported", "There is no model that codemode.ask could ask.", {
            hint: "Return what is to be judged and judge it yourself, or have a model configured.",
          });
        const question = readQuestion(given);
        const asked = context.record.calls.rows.filter((row) => isQuestion(row) && row.seq <= seq).length;
        if (asked > mostQuestions)
          throw new CodemodeError("call_limit", `A run may ask a model ${mostQuestions} times.`, {
            hint: "Put several items into one question.",
          });
        return askTwice(question, context.ask, { ...context, principal });
      },
    ],
  ]);
}

function isQuestion({ kind, path }: { readonly kind: string; readonly path: string }): boolean {
  return kind === "builtin" && path === "ask";
}

type Question = Pick<ModelQuestion, "prompt" | "schema" | "maxTokens">;

function readQuestion(given: Value): Question {
  const fields: { readonly [key: string]: unknown } = isRecord(given) ? given : { prompt: given };
  const { prompt, schema, maxTokens = defaultTokens } = fields;
  if (typeof prompt !== "string" || prompt.trim() === "")
    throw new CodemodeError("usage", "codemode.ask takes a prompt, some words.", { hint: usage });
  if (schema !== undefined && !isRecord(schema))
    throw new CodemodeError("usage", "The schema of codemode.ask is a JSON Schema, an object.", {
      hint: usage,
    });
  if (!Number.isInteger(maxTokens) || Number(maxTokens) < 1 || Number(maxTokens) > mostTokens)
    throw new CodemodeError("usage", `maxTokens of codemode.ask is a whole number from 1 to ${mostTokens}.`, {
      hint: usage,
    });
  const asJson = schema === undefined ? undefined : valueToJson(schema as Value);
  refuseLong("prompt", prompt.length, mostPrompt);
  if (asJson !== undefined) refuseLong("schema", JSON.stringify(asJson).length, mostSchema);
  return { prompt, maxTokens: Number(maxTokens), ...(asJson === undefined ? {} : { schema: asJson }) };
}

function refuseLong(what: string, length: number, most: number): void {
  if (length <= most) return;
  throw new CodemodeError(
    "value_too_large",
    `The ${what} of codemode.ask has ${length} characters; at most ${most} are taken.`,
    { hint: "Filter in code first, and ask about what is left." },
  );
}

/** A model that answered wrongly is told what was wrong, once. */
async function askTwice(
  question: Question,
  ask: AskModel,
  context: Omit<AskContext, "ask"> & { readonly principal: string },
): Promise<Value> {
  const first = await askOnce(question, ask, context);
  const wrong = problemOf(question, first);
  if (wrong === undefined) return first;
  const prompt = `${question.prompt}\n\nYour last answer did not fit: ${wrong}. Answer again, with JSON that fits the schema and nothing else.`;
  const second = await askOnce({ ...question, prompt }, ask, context);
  const still = problemOf(question, second);
  if (still === undefined) return second;
  throw new CodemodeError(
    "answer_invalid",
    `The model answered twice what does not fit the schema: ${still}.`,
    {
      hint: "Ask for something simpler, or do without.",
    },
  );
}

function problemOf({ schema }: Question, answer: Json): string | undefined {
  return schema === undefined ? undefined : answerProblem(schema, answer);
}

async function askOnce(
  question: Question,
  ask: AskModel,
  { record, signal, principal }: Omit<AskContext, "ask"> & { readonly principal: string },
): Promise<Json> {
  const late = AbortSignal.timeout(answerMs);
  const either = AbortSignal.any([signal, late]);
  const over = Promise.withResolvers<never>();
  const giveUp = (): void =>
    over.reject(
      late.aborted
        ? new CodemodeError("source_timeout", `The model did not answer within ${answerMs} ms.`)
        : new CodemodeError("run_cancelled", "The run ended before the model answered."),
    );
  either.addEventListener("abort", giveUp, { once: true });
  over.promise.catch(() => undefined);
  try {
    if (either.aborted) giveUp();
    const asking = ask({ ...question, principal, runId: record.runId, signal: either });
    return toAnswer(question, await Promise.race([asking, over.promise]));
  } catch (thrown) {
    if (thrown instanceof CodemodeError) throw thrown;
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new CodemodeError("source_unavailable", `The model could not be asked: ${why}`, { cause: thrown });
  } finally {
    either.removeEventListener("abort", giveUp);
  }
}

/** Where a value is wanted, text that is JSON is what it says, also in a fenced block. */
function toAnswer({ schema }: Question, given: Json): Json {
  const size = JSON.stringify(given)?.length ?? 0;
  if (size > mostAnswer)
    throw new CodemodeError(
      "value_too_large",
      `The model's answer has ${size} characters; at most ${mostAnswer} are taken.`,
    );
  if (typeof given !== "string") return given ?? null;
  if (schema === undefined || answerProblem(schema, given) === undefined) return given;
  const fenced = /^\s*```\w*\n([^]*?)\n?```\s*$/.exec(given)?.[1] ?? given;
  try {
    return JSON.parse(fenced) as Json;
  } catch {
    return given;
  }
}
