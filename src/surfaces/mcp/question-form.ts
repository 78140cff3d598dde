/**
 * Turns what a run asks into one form of the kind that MCP clients show, and what a person filled in back
 * into answers. Nothing counts as agreement but a choice made in so many words.
 */
import type { ElicitRequestFormParams } from "@modelcontextprotocol/server";
import type { ApprovalAnswer, OpenQuestion, OpenQuestions } from "../../index.ts";
import { escapeHidden, showHidden } from "../../show-hidden.ts";
import { doubtFields, readDoubt } from "./doubt-fields.ts";

export type Answer = Required<Pick<ApprovalAnswer, "seq" | "approve">> &
  Pick<ApprovalAnswer, "binding" | "scope" | "comment" | "value" | "resend" | "stop">;

export interface QuestionForm {
  readonly params: ElicitRequestFormParams;
  /** The questions it is about. */
  readonly questions: readonly OpenQuestion[];
  /** `undefined` when what came cannot be read as choices; nothing at all when each was left open. */
  read(content: { readonly [field: string]: unknown } | undefined): readonly Answer[] | undefined;
  /** What a refusal of the whole form means. */
  readonly declined: readonly Answer[];
}

type Properties = ElicitRequestFormParams["requestedSchema"]["properties"];

/** Clients show a form in a dialog; what is larger is better read elsewhere. */
const mostTextCharacters = 64_000;
/** More calls than these are answered all alike. */
const mostSeparate = 10;

const hourMs = 3_600_000;
/** What a person may choose, and what it means. */
const covers: ReadonlyMap<string, Pick<ApprovalAnswer, "scope">> = new Map([
  ["this_call", {}],
  ["this_run", { scope: { for: "run" } }],
  ["1_hour", { scope: { for: hourMs } }],
  ["8_hours", { scope: { for: 8 * hourMs } }],
  ["7_days", { scope: { for: 7 * 24 * hourMs } }],
]);

/** Calls to be decided on come first, together; then the program's own questions, one after the other. */
export function questionsToForm({ questions, text }: OpenQuestions): QuestionForm | undefined {
  if (questions.length === 0 || text.length > mostTextCharacters) return undefined;
  const calls = questions.filter(({ kind }) => kind !== "input");
  if (calls.length > 0) return toDecisionForm(calls, text);
  const [first] = questions;
  return first === undefined ? undefined : toInputForm(first, text);
}

function toDecisionForm(questions: readonly OpenQuestion[], text: string): QuestionForm {
  const approvals = questions.filter(({ kind }) => kind === "approval");
  const doubts = questions.filter(({ kind }) => kind === "in_doubt");
  const properties: Properties = {};
  if (approvals.length > 0)
    properties["decision"] = {
      type: "string",
      title:
        approvals.length === 1 ? "May this call be sent?" : `May these ${approvals.length} calls be sent?`,
      description: '"stop" sends nothing and ends the program.',
      enum: ["approve", "reject", "stop"],
    };
  if (approvals.length > 0)
    properties["covers"] = {
      type: "string",
      title: "What an approval covers",
      description:
        '"this_run" also lets later calls of the same tools through for the rest of this run; a time does so in every run of yours until it is over.',
      enum: [...covers.keys()],
      default: "this_call",
    };
  if (approvals.length > 1 && approvals.length <= mostSeparate)
    for (const { seq, path } of approvals)
      properties[`call_${seq}`] = {
        type: "string",
        title: `Call ${seq}, ${showHidden(path.slice(0, 80))}: only where it differs`,
        enum: ["approve", "reject"],
      };
  for (const doubt of doubts) Object.assign(properties, doubtFields(doubt));
  properties["comment"] = { type: "string", title: "Comment for the model", maxLength: 1_000 };
  const required = [
    ...(approvals.length > 0 ? ["decision"] : []),
    ...doubts.map(({ seq }) => `doubt_${seq}`),
  ];
  return {
    params: { mode: "form", message: text, requestedSchema: { type: "object", properties, required } },
    questions,
    read: (content) => {
      const comment = toComment(content?.["comment"]);
      const decided = approvals.flatMap(({ seq }) => toDecision(seq, content, comment) ?? []);
      const read = doubts.map(({ seq }) => readDoubt(seq, content, comment));
      if (read.includes("unreadable")) return undefined;
      const settled = read.filter((each) => typeof each === "object");
      const stopping = [...decided, ...settled].find(({ stop }) => stop === true);
      if (stopping !== undefined) return [stopping];
      // Of what was asked together, no part is sent while another is undecided by mistake.
      if (decided.length < approvals.length) return undefined;
      return [...decided, ...settled];
    },
    declined: approvals.map(({ seq }) => ({ seq, approve: false, comment: "declined by the user" })),
  };
}

function toDecision(
  seq: number,
  content: { readonly [field: string]: unknown } | undefined,
  comment: { readonly comment?: string },
): Answer | undefined {
  const all = content?.["decision"];
  if (all === "stop") return { seq, approve: false, stop: true, ...comment };
  if (all !== "approve" && all !== "reject") return undefined;
  const own = content?.[`call_${seq}`] ?? all;
  if (own !== "approve" && own !== "reject") return undefined;
  if (own === "reject") return { seq, approve: false, ...comment };
  const covered = content?.["covers"] ?? "this_call";
  if (typeof covered !== "string" || !covers.has(covered)) return undefined;
  return { seq, approve: true, ...covers.get(covered) };
}

function toComment(given: unknown): { readonly comment?: string } {
  return typeof given === "string" && given.trim() !== "" ? { comment: given.trim().slice(0, 1_000) } : {};
}

/** A schema of plain fields is shown as it is; for any other the answer is typed as JSON. */
function toInputForm(question: OpenQuestion, text: string): QuestionForm {
  const { seq } = question;
  const single = toSingleField(question.question?.schema);
  const schema = toPlainFields(single ?? question.question?.schema);
  const asJson = schema === undefined;
  return {
    params: {
      mode: "form",
      message: text,
      requestedSchema: schema ?? {
        type: "object",
        properties: { answer: { type: "string", title: "Answer", description: "As JSON" } },
        required: ["answer"],
      },
    },
    questions: [question],
    read: (content) => {
      if (content === undefined) return undefined;
      const value = asJson
        ? fromJson(content["answer"])
        : single === undefined
          ? toJson(content)
          : toJson({ ...content })["answer"];
      return value === undefined ? undefined : [{ seq, approve: true, value }];
    },
    declined: [{ seq, approve: false, comment: "declined by the user" }],
  };
}

const plainTypes = new Set(["string", "number", "integer", "boolean"]);

function toPlainFields(schema: unknown): ElicitRequestFormParams["requestedSchema"] | undefined {
  if (!isRecord(schema) || schema["type"] !== "object" || !isRecord(schema["properties"])) return undefined;
  const fields = Object.values(schema["properties"]);
  // A choice or a name that cannot be shown as it is answered is answered as JSON, beside the text that shows it.
  const answered = JSON.stringify([
    Object.keys(schema["properties"]),
    fields.map((field) =>
      isRecord(field) ? [field["enum"], field["const"], field["oneOf"], field["default"]] : [],
    ),
  ]);
  if (escapeHidden(answered) !== answered) return undefined;
  const plain = fields.every((field) => isRecord(field) && plainTypes.has(String(field["type"])));
  if (!plain || fields.length === 0) return undefined;
  const { properties, required } = schema;
  return {
    type: "object",
    properties: properties as Properties,
    ...(Array.isArray(required) ? { required: required.map(String) } : {}),
  };
}

/** One plain value is shown as a form of one field. */
function toSingleField(schema: unknown): { readonly [keyword: string]: unknown } | undefined {
  if (!isRecord(schema) || !plainTypes.has(String(schema["type"]))) return undefined;
  return { type: "object", properties: { answer: schema }, required: ["answer"] };
}

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fromJson(text: unknown): Answer["value"] | undefined {
  if (typeof text !== "string") return undefined;
  try {
    return JSON.parse(text) as NonNullable<Answer["value"]>;
  } catch {
    // Words without quotes are what a person means by text.
    return text;
  }
}

function toJson(content: { readonly [field: string]: unknown }): {
  [field: string]: NonNullable<Answer["value"]>;
} {
  return JSON.parse(JSON.stringify(content)) as { [field: string]: NonNullable<Answer["value"]> };
}
