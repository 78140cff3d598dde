/**
 * What a person reads before they answer: every call with its exact arguments, what the run has done so far,
 * and its program. What comes from snippets and tools is made visible and set off, so that it cannot pose as
 * words of the host.
 */
import type { OpenQuestion } from "../spec/codemode.ts";
import type { RunDocument } from "../spec/run.ts";
import { noteIn } from "../lookalike-note.ts";
import { escapeHidden, showHidden } from "../show-hidden.ts";

const mostCodeCharacters = 8_000;
const mostWrites = 20;
const mostWriteCharacters = 300;

/** Arguments are never cut: a person agrees to nothing that they were not shown. */
export function questionsToText(
  code: string,
  { writes, calls }: RunDocument,
  questions: readonly OpenQuestion[],
): string {
  const asked = questions.map(questionToText);
  const reads = calls.filter(({ effect }) => effect === "read").length;
  const sent = writes.filter(({ state }) => state !== "intent" && state !== "denied");
  const shown = sent
    .slice(0, mostWrites)
    .map(
      ({ path, args, state }) =>
        `- ${state}: tools.${path}(${cut(JSON.stringify(args), mostWriteCharacters)})`,
    );
  if (sent.length > mostWrites) shown.push(`- and ${sent.length - mostWrites} more`);
  const done =
    sent.length === 0
      ? `Done so far: ${reads} reads, no writes.`
      : `Done so far: ${reads} reads and these writes:\n${shown.join("\n")}`;
  const program = cut(code, mostCodeCharacters)
    .split("\n")
    .map((line) => `| ${line}`)
    .join("\n");
  return showHidden(
    `A program waits for your answer to ${questions.length === 1 ? "this" : `these ${questions.length}`}:\n\n${asked.join("\n\n")}\n\n${done}\n\nThe program:\n${program}`,
  );
}

function questionToText(open: OpenQuestion): string {
  const { seq, kind, path, args, effect, question, refused, reason } = open;
  const quoted = escapeHidden(JSON.stringify(args, null, 2))
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

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}… (${text.length - most} more characters)`;
}
