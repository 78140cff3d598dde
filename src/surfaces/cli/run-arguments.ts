/**
 * Arguments that commands about one kept run share.
 */
import { CodemodeError } from "../../errors.ts";

export const runArg = {
  run: { type: "positional", required: true, description: "The run's id, as runs and approvals show it" },
} as const;

export const answerArgs = {
  ...runArg,
  call: {
    type: "string",
    valueHint: "seq",
    description: "Answer this call only. Default: all that are pending",
  },
  comment: { type: "string", description: "Words for the model" },
} as const;

/** Throws `usage`. */
export function toCallNumber(given: string | undefined): { readonly seq?: number } {
  if (given === undefined) return {};
  const seq = Number(given);
  if (Number.isInteger(seq) && seq > 0) return { seq };
  throw new CodemodeError("usage", `--call must be the number of a call, not ${JSON.stringify(given)}.`);
}
