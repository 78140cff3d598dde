/**
 * Puts one call in doubt to the person at the terminal: it happened, with its result; it did not, and is sent again or
 * left undone; the run ends; or it is left for later.
 */
import { argumentsOf } from "../../json/arguments-of.ts";
import type { ApprovalAnswer } from "../../spec/codemode.ts";
import type { OpenQuestion } from "../../spec/questions.ts";
import type { ExactJson } from "../../spec/value.ts";
import { toPlainText } from "./terminal.ts";
import type { Terminal } from "./terminal.ts";

export interface Asking {
  readonly terminal: Terminal;
  readonly read: NonNullable<Terminal["read"]>;
}

const choices =
  "[h] it happened  [a] it did not: send it again  [n] it did not: leave it undone  [s] end the run  [l] later";

/** Nothing when it was left for later. */
export async function promptDoubt(
  { seq, path }: OpenQuestion,
  { terminal, read }: Asking,
): Promise<Omit<ApprovalAnswer, "runId"> | undefined> {
  terminal.err(`\nDid call ${seq}, ${toPlainText(path)}, happen?\n${choices}\n`);
  switch ((await read("Answer [l]: ")).trim().toLowerCase()) {
    case "h": {
      const text = (await read("What it answered, as JSON or words (may be empty): ")).trim();
      return { seq, approve: true, ...(text === "" ? {} : { value: toValue(text) }) };
    }
    case "a":
      return { seq, approve: false, resend: true };
    case "n":
      return { seq, approve: false, ...(await readComment(read)) };
    case "s":
      return { seq, approve: false, stop: true, ...(await readComment(read)) };
    default:
      return undefined;
  }
}

async function readComment(read: Asking["read"]): Promise<{ readonly comment?: string }> {
  const comment = (await read("Why, for the model (may be empty): ")).trim();
  return comment === "" ? {} : { comment };
}

/** A number that cannot be kept exactly stays the text that it is. */
function toValue(text: string): ExactJson {
  try {
    return argumentsOf(text, "The answer") as ExactJson;
  } catch {
    return text;
  }
}
