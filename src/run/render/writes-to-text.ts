/**
 * What the answer says of a run's writes: which are done, which were refused and may be sent again, which may have happened
 * in part, and which are in doubt. Arguments stand only where somebody has to look or must not repeat; the rest is counted.
 */
import type { RunDocument, RunWrite } from "../../spec/run.ts";
import { cutLines, cutText } from "./cut-text.ts";
import { integersOf } from "./exact-integers.ts";
import { mostTokens } from "./most-tokens.ts";
import { countPaths, pathToText } from "./path-to-text.ts";
import { valueToLine } from "./value-to-text.ts";

/** What a person or a model has to know of a write. */
export type WriteFate = "done" | "refused" | "partly" | "doubt" | "unsent" | "denied";

/** Tokens of the arguments of one write. */
const writtenArguments = 80;
/** Writes of one fate that are shown one by one. */
const mostShown = 5;

export function fateOf({ state, outcome }: Pick<RunWrite, "state" | "outcome">): WriteFate {
  if (state === "done" || state === "denied") return state;
  if (state === "intent") return "unsent";
  if (state !== "error" || outcome === "unknown") return "doubt";
  if (outcome === "not_sent") return "unsent";
  // Of a row from before this was kept nobody can say more than that it failed.
  return outcome === "refused" ? "refused" : "partly";
}

/** After a failure the model must know what not to repeat; a blind retry would do it twice. */
export function writesToText(document: RunDocument, tokens: number): string {
  const { writes, status, dryRun } = document;
  if (dryRun === true) return dryRunToText(writes, tokens);
  const shown = status === "paused" ? writes.filter(({ state }) => state !== "intent") : writes;
  if (shown.length === 0) return "";
  const fates = sortByFate(shown);
  const done = fates.get("done") ?? [];
  if (status === "completed" && done.length === shown.length)
    return cutText(`Writes of this run, all done: ${countPaths(shown)}`, tokens);
  const lines =
    status === "completed"
      ? done.length === 0
        ? []
        : [`Writes done: ${countPaths(done)}`]
      : doneLines(done);
  for (const [fate, say] of said) {
    const found = fates.get(fate) ?? [];
    if (found.length > 0) lines.push(...say(found));
  }
  return cutLines(lines, tokens);
}

type Fates = Map<WriteFate | "retried", RunWrite[]>;

/** What was refused or never left, and was then done with the same arguments, is no news of its own. */
function sortByFate(writes: readonly RunWrite[]): Fates {
  const done = new Set(writes.filter(({ state }) => state === "done").map(nameOf));
  const fates: Fates = new Map();
  for (const write of writes) {
    const fate = fateOf(write);
    const isRetried = (fate === "refused" || fate === "unsent") && done.has(nameOf(write));
    const key = isRetried ? "retried" : fate;
    fates.set(key, [...(fates.get(key) ?? []), write]);
  }
  return fates;
}

function nameOf({ path, args }: RunWrite): string {
  return `${path} ${JSON.stringify(args)}`;
}

function doneLines(done: readonly RunWrite[]): string[] {
  if (done.length === 0) return [];
  const head = "Writes of this run that are done, which a new run must not repeat:";
  if (done.length <= mostShown) return [head, ...done.map((write) => `${writeToText(write)}: done`)];
  const last = done.at(-1);
  return [
    `${head} ${countPaths(done)}; the last of them:`,
    ...(last === undefined ? [] : [writeToText(last)]),
  ];
}

type Say = (writes: readonly RunWrite[]) => string[];

const said: readonly (readonly [WriteFate | "retried", Say])[] = [
  ["doubt", oneByOne("In doubt: sent, and nobody knows whether it happened. Look before you try again:")],
  ["partly", oneByOne("Failed, and may have happened in part. Look before you try again:")],
  ["refused", counted("Refused, and did not happen; a new run may send it again:")],
  ["retried", counted("Refused at first, then sent again and done:")],
  ["denied", counted("Denied, and not sent:")],
  ["unsent", counted("Not sent:")],
];

function counted(head: string): Say {
  return (writes) => [`${head} ${countPaths(writes)}`];
}

function oneByOne(head: string): Say {
  return (writes) => {
    const left = writes.slice(mostShown);
    return [
      head,
      ...writes.slice(0, mostShown).map(writeToText),
      ...(left.length === 0 ? [] : [`- and ${countPaths(left)}`]),
    ];
  };
}

function writeToText({ path, args, exact }: RunWrite): string {
  return `- tools.${pathToText(path)}(${valueToLine(integersOf(args, exact), writtenArguments)})`;
}

/** Of a dry run the writes are the news: all of them, with as much of their arguments as there is room for. */
function dryRunToText(writes: readonly RunWrite[], tokens: number): string {
  if (writes.length === 0) return "Dry run: it writes nothing.";
  const head = "Dry run: nothing was written. It would make these writes:";
  const left = tokens - mostTokens(head) - 2;
  const each = Math.max(Math.floor(left / writes.length - 24), writtenArguments);
  const lines = writes.slice(0, left).map(({ path, args, exact, state }) => {
    const refused = state === "denied" ? ": the policy refuses it" : "";
    return `- tools.${pathToText(path)}(${valueToLine(integersOf(args, exact), each)})${refused}`;
  });
  if (lines.length < writes.length) lines.push(`- and ${writes.length - lines.length} more`);
  return `${head}\n${cutLines(lines, left)}`;
}
