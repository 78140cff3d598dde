/**
 * The one text about a run that the model reads: result, error with the next step, logs, and the writes
 * that happened. Every part has its share of the budget and is cut by structure, never in the middle.
 */
import { estimateTokens } from "../estimate-tokens.ts";
import type { RunDocument } from "../spec/run.ts";
import { jsonToText } from "./json-to-text.ts";
import { neutralise } from "./neutralise.ts";

export interface TextOptions {
  /** The model's own code, for the line an error points at. */
  readonly code: string;
  /** Sentences to put before all else, such as warnings of the check. */
  readonly notes?: readonly string[];
  /** Default 6,000. */
  readonly tokens?: number;
}

const defaultTokens = 6_000;
/** Shares of the budget; what one part leaves over is not given to another, so that the whole always holds. */
const shares = { result: 0.6, error: 0.14, logs: 0.12, writes: 0.1, notes: 0.04 };

export function documentToText(
  document: RunDocument,
  { code, notes = [], tokens = defaultTokens }: TextOptions,
): string {
  const parts = [
    cutLines(notes, tokens * shares.notes),
    errorToText(document, code, tokens * shares.error),
    pendingToText(document, tokens * shares.error),
    document.status === "completed" ? resultToText(document, tokens * shares.result) : "",
    logsToText(document, tokens * shares.logs),
    writesToText(document, tokens * shares.writes),
  ];
  return neutralise(parts.filter((part) => part !== "").join("\n\n"));
}

function resultToText({ result }: RunDocument, tokens: number): string {
  if (result === undefined) return "The snippet completed and returned nothing. Return a value to see it.";
  return jsonToText(result, tokens);
}

function errorToText({ error, status }: RunDocument, code: string, tokens: number): string {
  if (error === undefined) return "";
  const at =
    error.line === undefined
      ? ""
      : ` at ${error.line}${error.column === undefined ? "" : `:${error.column}`}`;
  const line =
    error.code === "snippet_type" || error.line === undefined ? undefined : code.split("\n")[error.line - 1];
  const shown = line === undefined ? [] : [`  ${line.trim().slice(0, 160)}`];
  const hint = error.hint === undefined ? [] : [`Hint: ${error.hint}`];
  const head = `Run ${status}: ${error.code}${at}`;
  return cutLines([head, ...error.message.split("\n"), ...shown, ...hint], tokens);
}

/** What the model must tell the user; it cannot answer for them. */
function pendingToText({ status, runId, pending = [] }: RunDocument, tokens: number): string {
  if (status !== "paused") return "";
  const lines = pending.map(({ seq, kind, path, args, question }) =>
    question === undefined
      ? `- call ${seq}: tools.${path}(${jsonToText(args, 120)}): ${questions[kind]}`
      : `- call ${seq}: ${path}, asked by the snippet: ${JSON.stringify(fitLine(question.message, 300))}`,
  );
  const next = `Tell the user. Once they have answered, continue with execute({ resume: "${runId}" }); it continues where the run stands, so do not send the code again.`;
  return `Run ${runId} is paused until a person answers:\n${cutMiddle(lines, tokens)}\n${next}`;
}

const questions: { readonly [kind in NonNullable<RunDocument["pending"]>[number]["kind"]]: string } = {
  approval: "needs approval; not sent",
  in_doubt: "was sent, and nobody knows whether it happened",
  input: "needs input",
};

function logsToText({ logs }: RunDocument, tokens: number): string {
  if (logs.length === 0) return "";
  const lines = logs.map(({ level, text }) =>
    level === "log" || level === "info" ? text : `[${level}] ${text}`,
  );
  return `Logs:\n${cutMiddle(lines, tokens)}`;
}

/** After a failure the model must know what not to repeat; a blind retry would do it twice. */
function writesToText({ writes, status }: RunDocument, tokens: number): string {
  if (writes.length === 0) return "";
  const failed = status !== "completed";
  const asked = status === "paused" ? writes.filter(({ state }) => state !== "intent") : writes;
  if (asked.length === 0) return "";
  const lines = asked.map(
    ({ path, args, state }) => `- tools.${path}(${jsonToText(args, 60)}): ${writeStates[state]}`,
  );
  const head = failed ? "Writes of this run, which a new run must not repeat:" : "Writes of this run:";
  return `${head}\n${cutMiddle(lines, tokens)}`;
}

const writeStates: { readonly [state in RunDocument["writes"][number]["state"]]: string } = {
  intent: "not sent",
  started: "sent, no answer yet",
  done: "done",
  error: "refused by the tool",
  in_doubt: "in doubt: it may or may not have happened; look before you try again",
  denied: "denied",
};

function cutLines(lines: readonly string[], tokens: number): string {
  const kept: string[] = [];
  let left = tokens;
  for (const line of lines) {
    const fitted = fitLine(line, left);
    if (fitted === "") break;
    kept.push(fitted);
    left -= estimateTokens(fitted) + 1;
  }
  return kept.join("\n");
}

/** Keeps the first and the last lines, since causes stand at one end and outcomes at the other. */
function cutMiddle(lines: readonly string[], tokens: number): string {
  const head: string[] = [];
  const tail: string[] = [];
  let left = tokens - 8;
  let from = 0;
  let to = lines.length;
  while (from < to && left > 4) {
    const fromHead = head.length <= tail.length;
    const line = fitLine(lines[fromHead ? from : to - 1] ?? "", Math.max(left, 0));
    if (line === "") break;
    left -= estimateTokens(line) + 1;
    if (fromHead) {
      head.push(line);
      from += 1;
    } else {
      tail.unshift(line);
      to -= 1;
    }
  }
  const gap = to > from ? [`… ${to - from} more lines …`] : [];
  return [...head, ...gap, ...tail].join("\n");
}

function fitLine(line: string, tokens: number): string {
  const roughly = Math.max(0, Math.floor(tokens * 2.5));
  if (line.length <= roughly || estimateTokens(line.slice(0, roughly * 4)) <= tokens)
    return line.slice(0, roughly * 4);
  return roughly < 8 ? "" : `${line.slice(0, roughly)}… (${line.length - roughly} more characters)`;
}
