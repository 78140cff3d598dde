/**
 * Arguments that commands about one kept run share.
 */
import { CodemodeError } from "../../errors.ts";
import { argumentsOf } from "../../json/arguments-of.ts";
import type { ApprovalScope } from "../../spec/codemode.ts";
import { parseDuration } from "./duration.ts";

export const runArg = {
  run: { type: "positional", required: true, description: "The run's id, as runs and approvals show it" },
} as const;

export const acceptArgs = {
  "accept-source": {
    type: "string",
    valueHint: "names",
    description: "Sources of the run, separated by commas, that are meant to be other ones by now",
  },
} as const;

/** Throws `usage` for a list that names nothing. */
export function toAccepted(given: string | undefined): { readonly acceptSources?: readonly string[] } {
  if (given === undefined) return {};
  const acceptSources = given.split(",").map((name) => name.trim());
  if (acceptSources.every((name) => name !== "")) return { acceptSources };
  throw new CodemodeError(
    "usage",
    `--accept-source takes names of sources separated by commas, not ${JSON.stringify(given.slice(0, 100))}.`,
  );
}

export const answerArgs = {
  ...runArg,
  call: {
    type: "string",
    valueHint: "seq",
    description: "Answer this call only. Default: all that are pending",
  },
  comment: { type: "string", description: "Words for the model" },
} as const;

/** The same for one run, or for every run that waits. */
export const answerAllArgs = {
  ...answerArgs,
  run: { type: "positional", required: false, description: "The run's id, as approvals shows it" },
  all: { type: "boolean", description: "Answer what every paused run asks" },
} as const;

export const scopeArgs = {
  for: {
    type: "string",
    valueHint: "run|time",
    description: "Cover later calls of the tool too: of this run, or in every run for a time such as 2h",
  },
  match: {
    type: "string",
    valueHint: "json",
    description: 'With --for: what later arguments must fit, such as {"/to":{"matches":"*@example.org"}}',
  },
} as const;

/** Throws `usage`. */
export function toScope(
  given: string | undefined,
  match: string | undefined,
): { readonly scope?: ApprovalScope } {
  if (given === undefined) {
    if (match === undefined) return {};
    throw new CodemodeError("usage", "--match says what --for covers, and --for is not given.", {
      hint: "Add --for run, or --for 2h.",
    });
  }
  const covered = given === "run" ? given : parseDuration(given, "--for");
  if (match === undefined) return { scope: { for: covered } };
  const predicates = parseJson(match, "--match") as NonNullable<ApprovalScope["match"]>;
  return { scope: { for: covered, match: predicates } };
}

/** Throws `usage`, naming the flag. */
export function parseJson(text: string, flag: string): unknown {
  try {
    return argumentsOf(text, flag);
  } catch (cause) {
    if (cause instanceof CodemodeError)
      throw new CodemodeError("usage", cause.message, {
        cause,
        hint: cause.hint ?? "Write it as an integer, or as text.",
      });
    throw new CodemodeError("usage", `${flag} must be JSON, not ${JSON.stringify(text.slice(0, 100))}.`, {
      cause,
      hint: "Quote it for the shell with single quotes.",
    });
  }
}

/** Throws `usage`. */
export function toCallNumber(given: string | undefined): { readonly seq?: number } {
  if (given === undefined) return {};
  const seq = Number(given);
  if (Number.isInteger(seq) && seq > 0) return { seq };
  throw new CodemodeError("usage", `--call must be the number of a call, not ${JSON.stringify(given)}.`);
}
