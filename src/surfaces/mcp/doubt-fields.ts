/**
 * The part of a form that settles one call in doubt: it happened, with its result; it did not, and is sent again or
 * left undone; or the program ends. Leaving it open is a choice too.
 */
import type { ElicitRequestFormParams } from "@modelcontextprotocol/server";
import type { ApprovalAnswer, OpenQuestion } from "../../index.ts";

type Fields = ElicitRequestFormParams["requestedSchema"]["properties"];
type Settlement = Required<Pick<ApprovalAnswer, "seq" | "approve">> &
  Pick<ApprovalAnswer, "comment" | "value" | "resend" | "stop">;

const choices = ["happened", "send_again", "did_not_happen", "stop", "leave_open"];

export function doubtFields({ seq, path }: Pick<OpenQuestion, "seq" | "path">): Fields {
  const named = `call ${seq}, ${path.slice(0, 80)}`;
  return {
    [`doubt_${seq}`]: {
      type: "string",
      title: `Did ${named}, happen?`,
      description:
        '"send_again" sends it once more; "did_not_happen" leaves it undone and tells the program; "stop" ends the program.',
      enum: choices,
    },
    [`result_${seq}`]: {
      type: "string",
      title: `The result of ${named}`,
      description: "Only if it happened: what it answered, as JSON or words. The program goes on with it.",
    },
  };
}

/** `undefined` leaves it open; `unreadable` is no choice at all, or a result that is JSON cut short. */
export function readDoubt(
  seq: number,
  content: { readonly [field: string]: unknown } | undefined,
  comment: { readonly comment?: string },
): Settlement | "unreadable" | undefined {
  switch (content?.[`doubt_${seq}`]) {
    case "happened": {
      const result = readResult(content[`result_${seq}`]);
      return result === "unreadable" ? result : { seq, approve: true, ...result };
    }
    case "send_again":
      return { seq, approve: false, resend: true };
    case "did_not_happen":
      return { seq, approve: false, ...comment };
    case "stop":
      return { seq, approve: false, stop: true, ...comment };
    case "leave_open":
      return undefined;
    default:
      return "unreadable";
  }
}

/** Words that are no JSON are what a person means by text; what begins like an object and is none is a mistake. */
function readResult(given: unknown): { readonly value?: NonNullable<Settlement["value"]> } | "unreadable" {
  if (typeof given !== "string" || given.trim() === "") return {};
  try {
    return { value: JSON.parse(given) as NonNullable<Settlement["value"]> };
  } catch {
    return /^\s*[[{"]/.test(given) ? "unreadable" : { value: given };
  }
}
