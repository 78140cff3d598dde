/**
 * The functions connector: a program's own functions as a source. Validates with the schema's own code and
 * applies its transforms; what the JSON Schema alone can say was checked before. Runs in the host, so the
 * functions are as trusted as the program that passes them.
 */
import { createHash } from "node:crypto";
import { CallError, toCallError, type CallOutcome } from "../../call-error.ts";
import { CodemodeError, toCodemodeError } from "../../errors.ts";
import type { CallContext, Source, ToolCall } from "../../spec/source.ts";
import type { TypedSource } from "../../spec/typed-source.ts";
import type { Value } from "../../spec/value.ts";
import type { FunctionTree, TypedFunctions } from "./function-definition.ts";
import type { ToolsOfFunctions } from "./function-types.ts";
import { functionsToTools, type FunctionTool } from "./functions-to-tools.ts";
import { issuesToText, type StandardSchema } from "./standard-schema.ts";

/**
 * A source of the given functions. The arguments of each `run` are inferred from its `input` on the first
 * level and within `createFunctionGroup`; plainly nested objects work the same but with untyped arguments of
 * `run`. The source carries the types of its tools on to `codemode.tools`.
 * Throws `tool_definition_invalid`, naming the function.
 */
export function createFunctionsSource<const Name extends string, Inputs, Functions>(
  name: Name,
  functions: TypedFunctions<Inputs> & Functions,
): TypedSource<Name, ToolsOfFunctions<Functions>>;
export function createFunctionsSource<const Name extends string, Functions extends FunctionTree>(
  name: Name,
  functions: Functions,
): TypedSource<Name, ToolsOfFunctions<Functions>>;
export function createFunctionsSource(name: string, functions: FunctionTree): Source {
  const tools = functionsToTools(functions);
  const listing = { tools: [...tools.values()].map((entry) => entry.tool), issues: [] };
  const fingerprint = createHash("sha256").update(JSON.stringify(listing.tools)).digest("hex");
  let closed = false;

  function find(call: ToolCall): FunctionTool {
    if (closed)
      throw new CallError("source_unavailable", `Source "${name}" is closed.`, { outcome: "not_sent" });
    const entry = tools.get(call.upstreamName);
    if (entry === undefined) {
      throw new CallError("tool_not_found", `Source "${name}" has no function "${call.upstreamName}".`, {
        outcome: "not_sent",
      });
    }
    return entry;
  }

  return {
    name,
    kind: "functions",
    fingerprint,
    known: listing,
    // The program's own: whoever continues a run with it vouches for them.
    identity: async () => ({ kind: "functions" }),
    list: async () => listing,
    async call(call, context) {
      const entry = find(call);
      const args = await validArguments(entry, call);
      context.leaving?.();
      const answer = await settle(() => entry.run(args, context), call, context);
      return { value: await validAnswer(entry, call, answer), labels: [] };
    },
    async revert(call, value, context) {
      const entry = find(call);
      if (entry.revert === undefined) {
        throw new CallError("tool_failed", `Function "${call.upstreamName}" has no way to be undone.`, {
          outcome: "not_sent",
        });
      }
      const args = await validArguments(entry, call);
      context.leaving?.();
      await settle(() => entry.revert?.(args, value, context), call, context);
    },
    status: () => ({ state: closed ? "closed" : "ready" }),
    [Symbol.asyncDispose]: async () => {
      closed = true;
    },
  };
}

async function validArguments(entry: FunctionTool, call: ToolCall): Promise<unknown> {
  const given = call.args ?? {};
  if (entry.input === undefined) return given;
  const result = await validate(entry.input, given, { call, outcome: "not_sent" });
  if (result.issues === undefined) return result.value;
  throw new CallError(
    "tool_arguments_invalid",
    `The arguments of "${call.upstreamName}" are invalid: ${issuesToText(result.issues)}`,
    { outcome: "not_sent" },
  );
}

async function validAnswer(entry: FunctionTool, call: ToolCall, answer: unknown): Promise<Value> {
  if (entry.output === undefined) return toValue(answer, call);
  const result = await validate(entry.output, answer, { call, outcome: "failed" });
  if (result.issues === undefined) return toValue(result.value, call);
  throw new CallError(
    "tool_result_invalid",
    `The answer of "${call.upstreamName}" does not fit its output schema: ${issuesToText(result.issues)}`,
    { outcome: "failed" },
  );
}

function toValue(answer: unknown, call: ToolCall): Value {
  if (mayBeValue(answer)) return answer;
  throw new CallError(
    "tool_result_invalid",
    `Function "${call.upstreamName}" answered with a ${typeof answer}.`,
    {
      outcome: "failed",
      hint: "Answer with data: JSON, Date, Map, Set, bigint or Uint8Array.",
    },
  );
}

/** What is nested inside is looked at where values are encoded, which refuses the rest by its position. */
function mayBeValue(answer: unknown): answer is Value {
  return typeof answer !== "function" && typeof answer !== "symbol";
}

async function validate(
  schema: StandardSchema,
  value: unknown,
  { call, outcome }: { readonly call: ToolCall; readonly outcome: CallOutcome },
) {
  try {
    return await schema["~standard"].validate(value);
  } catch (thrown) {
    throw failed(call, thrown, outcome);
  }
}

/** The function's answer, or its failure; a function that ignores the signal is no longer waited for. */
async function settle(run: () => unknown, call: ToolCall, context: CallContext): Promise<unknown> {
  if (context.signal.aborted) throw cancelled(call, "not_sent");
  const { promise: interrupted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(cancelled(call, "unknown"));
  context.signal.addEventListener("abort", onAbort, { once: true });
  const timer = setTimeout(() => {
    const message = `Function "${call.upstreamName}" took longer than ${context.timeoutMs} ms.`;
    reject(new CallError("source_timeout", message, { outcome: "unknown" }));
  }, context.timeoutMs);
  // In an async function, so that what is thrown at once fails like what is thrown later.
  const running = (async () => run())();
  try {
    return await Promise.race([running, interrupted]);
  } catch (thrown) {
    throw isOwn(thrown) ? toCallError(thrown, "unknown") : failed(call, thrown, "failed");
  } finally {
    clearTimeout(timer);
    context.signal.removeEventListener("abort", onAbort);
    // A late failure of an abandoned function is nobody's any more.
    running.catch(() => undefined);
  }
}

function isOwn(thrown: unknown): boolean {
  return (
    thrown instanceof CodemodeError && (thrown.code === "run_cancelled" || thrown.code === "source_timeout")
  );
}

function cancelled(call: ToolCall, outcome: CallOutcome): CallError {
  return new CallError("run_cancelled", `The call of "${call.upstreamName}" was cancelled.`, { outcome });
}

/**
 * Only the message goes on: a stack or the fields of a host error are none of the snippet's business. A function may
 * state what became of the call, by a `CallError`.
 */
function failed(call: ToolCall, thrown: unknown, otherwise: CallOutcome): CallError {
  const { message, hint } = toCodemodeError(thrown);
  const text = message === "" ? `Function "${call.upstreamName}" failed without a message.` : message;
  const outcome = thrown instanceof CallError ? thrown.outcome : otherwise;
  return new CallError("tool_failed", text, { cause: thrown, outcome, ...(hint !== undefined && { hint }) });
}
