/**
 * What a program is told where a call is not made for its number, or its answer cannot be handed over.
 */
import { CallError } from "../call-error.ts";
import { CodemodeError } from "../errors.ts";

export function callLimit(calls: number): CallError {
  return new CallError("call_limit", `A run may make ${calls} tool calls.`, {
    outcome: "not_sent",
    hint: "Filter or page on the tool's side, or split the work over several runs.",
  });
}

export function isUnfit(thrown: unknown): thrown is CodemodeError {
  return (
    thrown instanceof CodemodeError &&
    (thrown.code === "value_unsupported" || thrown.code === "value_too_large")
  );
}

export function unfitAnswer(error: CodemodeError): CallError {
  return new CallError(
    "tool_result_invalid",
    `The tool's answer cannot be handed to the snippet: ${error.message}`,
    {
      hint: "Ask the tool for less: fewer fields, a page, a filter.",
      outcome: "failed",
      cause: error,
    },
  );
}
