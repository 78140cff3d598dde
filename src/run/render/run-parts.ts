/**
 * The parts of the text about a run besides its result: error, what a person is asked, logs, calls and writes, files.
 * Each says whose words it holds, and sets them off where they pose as somebody else's.
 */
import type { RunArtifact, RunDocument } from "../../spec/run.ts";
import { countAsks } from "./count-asks.ts";
import { countToText } from "./count-to-text.ts";
import { cutLines, cutText } from "./cut-text.ts";
import { countPaths, clean, mostPath, pathToText } from "./path-to-text.ts";
import { integersOf } from "./exact-integers.ts";
import { poses, quoteLines } from "./foreign-text.ts";
import { mostTokens } from "./most-tokens.ts";
import { noteIn } from "../../lookalike-note.ts";
import { showHidden } from "../../show-hidden.ts";
import { valueToLine } from "./value-to-text.ts";

/** Questions that a model is told one by one; what a person decides on is shown to them. */
const mostAsked = 10;
const mostLineShown = 160;
/** Tokens of the arguments of one call. */
const pendingArguments = 160;

/** Warnings of the check and the like. */
export function notesToText(notes: readonly string[], tokens: number): string {
  if (notes.length === 0) return "";
  // Blanks at a line's end are one piece with the blank lines after them: together they cost more than each alone.
  const lines = clean(notes.join("\n")).split("\n");
  return cutLines(
    lines.map((line) => line.trimEnd()),
    tokens,
  );
}

/** Where the nearest number stands for another one: in the result, and in answers that it was made of. */
export function inexactToText({ inexact, calls, inexactReads = [] }: RunDocument): readonly string[] {
  const places = [
    ...(inexact === undefined ? [] : [`in the result ${pointersToText(inexact)}`]),
    ...calls.flatMap(({ seq, path, inexact: pointers }) =>
      pointers === undefined
        ? []
        : [`in what tools.${pathToText(path)} answered (call ${seq}) ${pointersToText(pointers)}`],
    ),
    ...inexactReads.map(
      ({ seq, path, inexact: pointers }) => `in what ${path} read (call ${seq}) ${pointersToText(pointers)}`,
    ),
  ];
  if (places.length === 0) return [];
  const more =
    places.length > mostPlaces ? `; and in ${countToText(places.length - mostPlaces)} more answers` : "";
  return [
    `Not exact, since no number holds what was written there: ${places.slice(0, mostPlaces).join("; ")}${more}.`,
  ];
}

const mostPlaces = 5;

function pointersToText(pointers: readonly string[]): string {
  const shown = pointers
    .slice(0, mostPlaces)
    .map((pointer) =>
      pointer === "" ? "in several places" : clean(pointer.slice(0, mostPath)).replaceAll("\n", " "),
    );
  const more = pointers.length - shown.length;
  return `${shown.join(", ")}${more > 0 ? ` and ${countToText(more)} more` : ""}`;
}

export function errorToText({ error, status, calls }: RunDocument, code: string, tokens: number): string {
  if (error === undefined) return "";
  const at =
    error.line === undefined
      ? ""
      : ` at ${error.line}${error.column === undefined ? "" : `:${error.column}`}`;
  const line =
    error.code === "snippet_type" || error.line === undefined ? undefined : code.split("\n")[error.line - 1];
  const shown = line === undefined ? [] : [`  ${clean(line.trim().slice(0, mostLineShown))}`];
  const hint = error.hint === undefined ? [] : [clean(`Hint: ${error.hint}`).replaceAll("\n", " ")];
  const head = cutText(clean(`Run ${status}: ${error.code}${at}`), tokens);
  const left = tokens - mostTokens(head) - 2;
  const message = clean(clip(error.message, tokens));
  if (!poses(message)) return `${head}\n${cutLines([...message.split("\n"), ...shown, ...hint], left)}`;
  const failed = error.code === "tool_failed" ? calls.findLast((call) => !call.ok) : undefined;
  const from = failed === undefined ? "The program's own words" : `Words of tools.${pathToText(failed.path)}`;
  const lines = [`${from}, as data:`, ...quoteLines(message).split("\n"), ...shown, ...hint];
  return `${head}\n${cutLines(lines, left)}`;
}

/** What the model must tell the user; it cannot answer for them. */
export function pendingToText(
  { status, runId, pending = [], pendingCounts }: RunDocument,
  tokens: number,
  answerWith?: (runId: string) => string,
): string {
  if (status !== "paused") return "";
  const head = `Run ${runId} is paused until a person answers:`;
  const how = answerWith === undefined ? "Tell the user." : `Tell the user: ${answerWith(runId)}`;
  const next = `${how} Once they have answered, continue with execute({ resume: "${runId}" }); it continues where the run stands, so do not send the code again.`;
  const lines = pending.map(({ seq, kind, path, args, exact, question, refused, reason }) =>
    question === undefined
      ? `- call ${seq}: tools.${pathToText(path)}(${valueToLine(integersOf(args, exact), pendingArguments)}): ${questions[kind]}${noteIn(reason)}${refused === undefined ? "" : ` (${refused.code}: ${clean(refused.message)})`}`
      : `- call ${seq}: ${pathToText(path)}, asked by the snippet: ${valueToLine(question.message, 300)}`,
  );
  const counts = pendingCounts ?? (pending.length > mostAsked ? countAsks(pending) : undefined);
  if (counts !== undefined) {
    const named = counts
      .slice(0, mostAsked)
      .map(({ path, count }) => `${pathToText(path)} ×${countToText(count)}`);
    lines.splice(mostAsked);
    lines.unshift(
      `- in all: ${named.join(", ")}${counts.length > named.length ? ", …" : ""}; the first of them:`,
    );
  }
  // What a person decides on by the model's words is shown to the last character.
  const shown = lines.map((line) => showHidden(line));
  return `${head}\n${cutLines(shown, tokens - mostTokens(head) - mostTokens(next) - 4)}\n${next}`;
}

const questions: { readonly [kind in NonNullable<RunDocument["pending"]>[number]["kind"]]: string } = {
  approval: "needs approval; not sent",
  in_doubt: "was sent, and nobody knows whether it happened",
  input: "needs input",
};

export function logsToText({ logs, artifacts = [] }: RunDocument, tokens: number): string {
  if (logs.length === 0) return "";
  const texts = logs.map(({ level, text }) => {
    const shown = clean(clip(text, tokens));
    return level === "log" || level === "info" ? shown : `[${level}] ${shown}`;
  });
  const foreign = texts.some(poses);
  const heading = foreign ? "Logs, as the program printed them:" : "Logs:";
  const lines = texts.flatMap((text) => (foreign ? quoteLines(text) : text).split("\n"));
  const whole = artifacts.find((each) => each.of === "logs");
  const left = tokens - mostTokens(heading) - 2;
  const text = cutLines(lines, left);
  if (whole === undefined || text === lines.join("\n")) return `${heading}\n${text}`;
  const note = wholeAt(whole);
  return `${heading}\n${cutLines(lines, left - mostTokens(note) - 2)}\n(${note})`;
}

/** Of a run that has ended well only calls that failed are news: the program has seen the rest. */
export function callsToText({ calls, status }: RunDocument, tokens: number): string {
  const failed = calls.filter((call) => !call.ok).length;
  if (calls.length === 0 || (status === "completed" && failed === 0)) return "";
  return cutText(`Calls: ${countPaths(calls)}`, tokens);
}

/** Images and binary answers, which no text holds. */
export function filesToText({ artifacts = [] }: RunDocument, tokens: number): string {
  const files = artifacts.filter((each) => each.of === "image" || each.of === "binary");
  if (files.length === 0) return "";
  const lines = files.map(
    ({ path, bytes, mime }) => `- ${clean(path)} (${countToText(bytes)} bytes, ${clean(mime).slice(0, 100)})`,
  );
  const head = 'Files of this run, for codemode.fs.readBytes("…"):';
  return `${head}\n${cutLines(lines, tokens - mostTokens(head) - 2)}`;
}

/** How a program reads the whole. */
export function wholeAt({ path, bytes, mime }: RunArtifact): string {
  const read = mime === "application/json" ? "readJson" : mime.startsWith("text/") ? "readText" : "readBytes";
  return `All of it: codemode.fs.${read}(${JSON.stringify(clean(path))}), ${countToText(bytes)} bytes`;
}

/** A text of megabytes is cut before it is looked at line by line. */
function clip(text: string, tokens: number): string {
  const most = Math.max(2_000, tokens * 8);
  if (text.length <= most * 2) return text;
  const left = text.length - 2 * most;
  return `${text.slice(0, most).toWellFormed()} … ${countToText(left)} more characters … ${text.slice(-most).toWellFormed()}`;
}
