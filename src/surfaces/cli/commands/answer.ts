/**
 * `codemode answer`: a person's value for what a snippet asks, after which the run is continued.
 */
import { CodemodeError } from "../../../errors.ts";
import { argumentsOf } from "../../../json/arguments-of.ts";
import type { ExactJson } from "../../../spec/value.ts";
import { configArg, defineCliCommand, jsonArg, logArg } from "../cli-command.ts";
import { finishRun } from "../finish-run.ts";
import { runArg, toCallNumber } from "../run-arguments.ts";
import { withCodemode } from "../with-codemode.ts";

export default defineCliCommand({
  description:
    "Answer what a paused run asks with a value, or say what a call in doubt answered, and continue it",
  examples: [
    "codemode answer run_mwpvix5s771a4bfc --value true",
    `codemode answer run_mwpvix5s771a4bfc --call 3 --value '{"region":"eu"}'`,
  ],
  args: {
    ...runArg,
    call: { type: "string", valueHint: "seq", description: "The call, where several are pending" },
    value: { type: "string", required: true, valueHint: "json", description: "The answer as JSON" },
    ...configArg,
    ...jsonArg,
    ...logArg,
  },
  run: async ({ run, call, value, config, json, log }, context) => {
    const answer = { runId: run, approve: true, value: toJson(value), ...toCallNumber(call) };
    return withCodemode(context, { config, run, log, journal: "store" }, async ({ codemode }) => {
      await codemode.answer(answer);
      return finishRun((request) => codemode.resume({ ...request, runId: run }), { context, codemode, json });
    });
  },
});

function toJson(text: string): ExactJson {
  try {
    return argumentsOf(text, "--value") as ExactJson;
  } catch (cause) {
    if (cause instanceof CodemodeError) throw new CodemodeError("usage", cause.message, { cause });
    throw new CodemodeError("usage", `--value is no JSON: ${text.slice(0, 100)}`, {
      hint: `Put text in double quotes: --value '"eu"'.`,
      cause,
    });
  }
}
