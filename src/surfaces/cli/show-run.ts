/**
 * Shows a run to a person: what happens while it lasts, its result on standard output, and everything else
 * on standard error, so that a result can be piped.
 */
import type { RunSummary } from "../../spec/codemode.ts";
import type { RunEvent } from "../../spec/events.ts";
import { printExact } from "../../json/print-exact.ts";
import { restoreIntegers } from "../../json/restore-integers.ts";
import { inexactToText } from "../../run/render/run-parts.ts";
import { fateOf, type WriteFate } from "../../run/render/writes-to-text.ts";
import type { RunDocument } from "../../spec/run.ts";
import type { StatusLine } from "./status-line.ts";
import { escapeHidden } from "../../show-hidden.ts";
import { toPlainText } from "./terminal.ts";
import type { Terminal } from "./terminal.ts";

/** A listener that keeps the status line and prints console output as it comes. */
export function followRun(line: StatusLine, terminal: Terminal): (event: RunEvent) => void {
  let issued = 0;
  let settled = 0;
  return (event) => {
    switch (event.type) {
      case "status":
        if (event.status === "running") line.set("running");
        return;
      case "call":
        issued += 1;
        line.set(`${settled} of ${issued} calls done; ${event.path}`);
        return;
      case "outcome":
        settled += 1;
        line.set(`${settled} of ${issued} calls done`);
        return;
      case "progress":
        line.set(`${settled} of ${issued} calls done; ${event.path}: ${event.message ?? event.done}`);
        return;
      case "log":
        line.print(`${terminal.styleErr("gray", `${event.level}:`)} ${toPlainText(event.text)}\n`);
    }
  };
}

/** What every call of a run was and did. */
export function showCalls({ calls }: RunDocument, terminal: Terminal): void {
  for (const { seq, path, effect, ms, ok } of calls) {
    const outcome = ok ? terminal.styleErr("green", "ok") : terminal.styleErr("red", "failed");
    terminal.err(`  ${seq} ${path} ${effect} ${outcome} ${Math.round(ms)} ms\n`);
  }
}

/** A kept run on one line, for standard output. */
export function showSummary({ runId, status, startedAt, title }: RunSummary, terminal: Terminal): string {
  const when = new Date(startedAt).toISOString().replace("T", " ").slice(0, 19);
  return `${runId} ${terminal.styleOut(statusStyles[status], status.padEnd(9))} ${when} ${terminal.styleOut("gray", toPlainText(title))}\n`;
}

const statusStyles = {
  queued: "yellow",
  running: "yellow",
  paused: "yellow",
  completed: "green",
  failed: "red",
  rejected: "red",
  cancelled: "red",
} as const;

/** What a paused run asks, one line for each call, for standard output. */
export function showPending(pending: NonNullable<RunDocument["pending"]>, terminal: Terminal): string {
  return pending
    .map(
      ({ seq, kind, path, args, exact, question, refused }) =>
        `  ${seq} ${terminal.styleOut("bold", path)} ${kind} ${escapeHidden(toText(question ?? args, exact)).slice(0, 2_000)}\n${refused === undefined ? "" : `    ${refused.code}: ${toPlainText(refused.message)}\n`}`,
    )
    .join("");
}

/** Large integers as digits, as JSON may have them. */
function toText(value: unknown, exact: readonly string[] | undefined, space?: number): string {
  return printExact(restoreIntegers(value, exact), space) ?? "";
}

export function showRun(document: RunDocument, terminal: Terminal): void {
  const { runId, status, error, result, exact, calls, writes, pending = [], timings } = document;
  if (result !== undefined)
    terminal.out(`${typeof result === "string" ? result : toText(result, exact, 2)}\n`);
  for (const line of inexactToText(document)) terminal.err(`${toPlainText(line)}\n`);
  if (error !== undefined) {
    const at =
      error.line === undefined
        ? ""
        : ` (line ${error.line}${error.column === undefined ? "" : `, column ${error.column}`})`;
    terminal.err(`${terminal.styleErr("red", error.code)}: ${toPlainText(error.message)}${at}\n`);
    if (error.hint !== undefined) terminal.err(`${toPlainText(error.hint)}\n`);
  }
  if (document.dryRun === true && writes.length === 0) terminal.err("Dry run: it writes nothing.\n");
  if ((status !== "completed" || document.dryRun === true) && writes.length > 0) {
    terminal.err(
      document.dryRun === true
        ? "Dry run: nothing was written. It would make these writes:\n"
        : "Writes of this run:\n",
    );
    for (const write of writes)
      terminal.err(
        `  ${fates[fateOf(write)]} ${write.path} ${toPlainText(toText(write.args, write.exact)).slice(0, 200)}\n`,
      );
  }
  for (const { path, code, message, count } of document.unseen ?? [])
    terminal.err(
      `The program did not see that ${path} failed${count === 1 ? "" : ` (${count} times)`}: ${code === undefined ? "" : `${code}: `}${toPlainText(message)}\n`,
    );
  if (status === "paused" && pending.length === 0)
    terminal.err(
      `What the run asked is answered or has expired: codemode resume ${runId} goes on with it.\n`,
    );
  else if (status === "paused") {
    terminal.err(`The run waits for a person:\n${showPending(pending, terminal)}`);
    terminal.err(`Answer with codemode approve ${runId} or codemode reject ${runId}.\n`);
  } else showDoubts(document, terminal);
  // What never left the host was no call to anybody.
  const made = calls.filter(({ outcome }) => outcome !== "not_sent");
  const failed = made.filter((call) => !call.ok).length;
  const counts =
    made.length === 0
      ? "no calls"
      : `${made.length} ${made.length === 1 ? "call" : "calls"}${failed === 0 ? "" : `, ${failed} failed`}`;
  terminal.err(`${terminal.styleErr("gray", `${status} in ${Math.round(timings.totalMs)} ms, ${counts}`)}\n`);
}

const fates: { readonly [fate in WriteFate]: string } = {
  done: "done",
  refused: "refused",
  partly: "failed, perhaps done in part:",
  doubt: "in doubt",
  unsent: "not sent",
  denied: "denied",
};

/** Writes of which nobody knows whether they happened, and how a person settles them. */
function showDoubts({ runId, status, writes }: RunDocument, terminal: Terminal): void {
  const doubts = writes.filter(({ state }) => state === "in_doubt");
  if (doubts.length === 0 || status === "queued" || status === "running") return;
  terminal.err("Nobody knows whether these writes happened:\n");
  for (const { seq, path, args } of doubts)
    terminal.err(`  ${seq} ${path} ${toPlainText(JSON.stringify(args)).slice(0, 200)}\n`);
  terminal.err(
    `Look, then say codemode approve ${runId} (they did) or codemode reject ${runId} (they did not).\n`,
  );
}
