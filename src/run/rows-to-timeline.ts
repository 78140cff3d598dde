/**
 * Makes the timeline of a run of what the journal holds of it: when it was called, asked, answered, sent and settled.
 */
import type { ApprovalRow, CallRow, RunRow } from "../spec/journal.ts";
import type { Timeline, TimelineEntry } from "../spec/timeline.ts";
import { printExact } from "../json/print-exact.ts";
import { restoreIntegers } from "../json/restore-integers.ts";
import type { Value } from "../spec/value.ts";
import { textToAnswer, textToValue } from "./value-text.ts";
import { valueToView } from "./value-to-view.ts";

/** Characters of arguments and outcomes that are shown. */
const shownChars = 2_000;

export function rowsToTimeline(
  run: RunRow,
  calls: readonly CallRow[],
  approvals: readonly ApprovalRow[],
): Timeline {
  const asked = new Set(approvals.map(({ seq }) => seq));
  const entries: TimelineEntry[] = [
    ...calls.flatMap((call) => callToEntries(call, asked.has(call.seq))),
    ...approvals.flatMap(approvalToEntries),
  ];
  const steps = { called: 0, asked: 1, answered: 2, sent: 3, settled: 4, started: 0, ended: 5 };
  entries.sort((a, b) => a.at - b.at || seqOf(a) - seqOf(b) || steps[a.event] - steps[b.event]);
  const { startedAt, engine, catalogVersion, status, updatedAt } = run;
  return [
    { at: startedAt, event: "started", engine, catalog: catalogVersion },
    ...entries,
    ...(status === "queued" || status === "running"
      ? []
      : [{ at: updatedAt, event: "ended", status } as const]),
  ];
}

function seqOf(entry: TimelineEntry): number {
  return "seq" in entry ? entry.seq : 0;
}

function callToEntries(row: CallRow, wasAsked: boolean): TimelineEntry[] {
  const { seq, path, kind, effect, decision, reason, issuedAt, sentAt } = row;
  const name = { seq, path: kind === "builtin" ? `codemode.${path}` : path };
  const settled = toSettled(row, name);
  return [
    {
      ...name,
      at: issuedAt,
      event: "called",
      kind,
      args: cut(argsToText(row.args)),
      ...(effect === undefined ? {} : { effect }),
      ...(decision === undefined ? {} : { decision }),
      ...(reason === undefined ? {} : { reason }),
    },
    ...(wasAsked && sentAt !== undefined ? [{ ...name, at: sentAt, event: "sent" } as const] : []),
    ...(settled === undefined ? [] : [settled]),
  ];
}

function toSettled(
  { state, settledAt, now, sentAt, issuedAt, outcome, outcomeHash }: CallRow,
  name: { readonly seq: number; readonly path: string },
): TimelineEntry | undefined {
  const at = settledAt ?? now;
  if (at === undefined) return undefined;
  const failed = outcome === undefined ? state === "error" : outcome.startsWith("-");
  return {
    ...name,
    at,
    event: "settled",
    // What is no tool's call has no state of its own, and neither has one that no tool was found for.
    state: state === "intent" || state === "started" ? (failed ? "error" : "done") : state,
    ms: at - (sentAt ?? issuedAt),
    ...(outcome === undefined ? {} : { outcome: cut(outcomeToText(outcome)) }),
    ...(outcomeHash === undefined ? {} : { outcomeHash }),
  };
}

function approvalToEntries(row: ApprovalRow): TimelineEntry[] {
  const { seq, kind, askedAt, answeredAt, state, expiresAt, comment, grantScope, grantUntil } = row;
  const name = { seq, path: kind === "input" ? `codemode.${row.path}` : row.path, kind };
  const covers = grantScope === "run" ? grantScope : grantUntil;
  return [
    { ...name, at: askedAt, event: "asked", until: expiresAt },
    ...(answeredAt === undefined || state === "pending"
      ? []
      : [
          {
            ...name,
            at: answeredAt,
            event: "answered",
            answer: state,
            // Of an approval it is a person's words; of any other, the value that was given.
            ...(comment === undefined || kind !== "approval" ? {} : { comment }),
            ...(covers === undefined ? {} : { covers }),
          } as const,
        ]),
  ];
}

/** A tool is called with one argument, a builtin with several. */
function argsToText(args: string): string {
  const text = valueToLine(textToValue(args));
  return text.startsWith("[") ? text.slice(1, -1) : text;
}

function outcomeToText(outcome: string): string {
  const answer = textToAnswer(outcome);
  if (answer.ok) return valueToLine(answer.value);
  return `${answer.error.code}: ${answer.error.message}`;
}

/** Large integers as digits. */
function valueToLine(value: Value): string {
  const { json, marks } = valueToView(value);
  return printExact(restoreIntegers(json, marks.exact)) ?? "";
}

function cut(text: string): { readonly text: string; readonly chars: number } {
  return { text: text.slice(0, shownChars), chars: text.length };
}
