/**
 * What a person reads before they answer: every call with its exact arguments, what the run has done so far,
 * and its program. What comes from snippets and tools is made visible and set off, so that it cannot pose as
 * words of the host.
 */
import type { OpenQuestion, WaitingRun } from "../spec/questions.ts";
import type { RunDocument } from "../spec/run.ts";
import { printExact } from "../json/print-exact.ts";
import { restoreIntegers } from "../json/restore-integers.ts";
import { noteIn } from "../lookalike-note.ts";
import { escapeHidden, showHidden } from "../show-hidden.ts";
import { fateOf, type WriteFate } from "./render/writes-to-text.ts";
import type { Json } from "../spec/value.ts";

const mostCodeCharacters = 8_000;
const mostWrites = 20;
const mostNamed = 10;
const mostWriteCharacters = 300;

/** What was not sent is no part of what was done; what was refused did not happen. */
const told: { readonly [fate in WriteFate]: string | undefined } = {
  done: "done",
  refused: "refused, did not happen",
  partly: "failed, may have happened in part",
  doubt: "in doubt",
  unsent: undefined,
  denied: undefined,
};

export interface AskedText {
  readonly code: string;
  readonly document: RunDocument;
  readonly questions: readonly OpenQuestion[];
  /** All that is asked, where these are not all. */
  readonly counts: WaitingRun["asks"] | undefined;
}

/** Long arguments are cut and say so, with how the whole is seen. */
export function questionsToText({ code, document, questions, counts }: AskedText): string {
  const { writes, calls, runId } = document;
  const asked = questions.map((question) => questionToText(question, runId));
  if (counts !== undefined) asked.push(countsToText(counts, questions, runId));
  const reads = calls.filter(({ effect }) => effect === "read").length;
  const sent = writes.filter((write) => told[fateOf(write)] !== undefined);
  const shown = sent
    .slice(0, mostWrites)
    .map(
      ({ path, args, exact, ...write }) =>
        `- ${told[fateOf(write)] ?? ""}: tools.${path}(${shorten(argsToText(args, exact), mostWriteCharacters)})`,
    );
  if (sent.length > mostWrites) shown.push(`- and ${sent.length - mostWrites} more`);
  const done =
    sent.length === 0
      ? `Done so far: ${reads} reads, no writes.`
      : `Done so far: ${reads} reads and these writes:\n${shown.join("\n")}`;
  const program = shorten(code, mostCodeCharacters)
    .split("\n")
    .map((line) => `| ${line}`)
    .join("\n");
  return showHidden(
    `A program waits for your answer to ${questions.length === 1 ? "this" : `these ${questions.length}`}:\n\n${asked.join("\n\n")}\n\n${done}\n\nThe program:\n${program}`,
  );
}

/** A large integer as digits, which no text is. */
function argsToText(args: Json, exact: readonly string[] | undefined, space?: number): string {
  return printExact(restoreIntegers(args, exact), space) ?? "";
}

/** An answer to what is shown answers nothing else. */
function countsToText(
  counts: NonNullable<AskedText["counts"]>,
  questions: readonly OpenQuestion[],
  runId: string,
): string {
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  const named = counts.slice(0, mostNamed).map(({ path, count }) => `${path} ×${count}`);
  const more = counts.length > mostNamed ? `, and ${counts.length - mostNamed} more` : "";
  const last = questions.at(-1)?.seq ?? 0;
  return `In all ${total} questions are open: ${named.join(", ")}${more}. Shown are ${questions.length}; what follows: codemode approvals ${runId} --after ${last}.`;
}

export function questionToText(open: OpenQuestion, runId: string): string {
  const { seq, kind, path, args, exact, cut, effect, question, refused, reason } = open;
  const json =
    cut === undefined || typeof args !== "string" ? escapeHidden(argsToText(args, exact, 2)) : args;
  const shown =
    cut === undefined
      ? json
      : `${json}… (cut: ${cut.chars} characters in all; see them with codemode show ${runId} --call ${seq})`;
  const quoted = shown
    .split("\n")
    .map((line) => `| ${line}`)
    .join("\n");
  switch (kind) {
    case "approval":
      return `Call ${seq}: tools.${path}${noteIn(reason)}, a ${effect} call, not sent yet, with these arguments:\n${quoted}${refused === undefined ? "" : `\nAn earlier approval did not count. ${refused.message}`}`;
    case "in_doubt":
      return `Call ${seq}: tools.${path}${noteIn(reason)}, a ${effect} call. It was sent, and nobody knows whether it happened. Its arguments:\n${quoted}`;
    case "input":
      return `Question ${seq}, asked by the program:\n| ${(question?.message ?? path).replaceAll("\n", "\n| ")}`;
  }
}

function shorten(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}… (${text.length - most} more characters)`;
}
