/**
 * Shows what happened in a run and when, one line for each event.
 */
import type { Timeline, TimelineEntry } from "../../spec/timeline.ts";
import { toPlainText, type Terminal } from "./terminal.ts";

const mostChars = 160;

export function showTimeline(timeline: Timeline, terminal: Terminal): void {
  const [first] = timeline;
  const began = first?.at ?? 0;
  for (const entry of timeline) {
    const when = entry.event === "started" ? toDate(entry.at) : `+${toDuration(entry.at - began)}`;
    const call = "seq" in entry ? `${String(entry.seq).padStart(3)}  ` : "";
    terminal.out(`${terminal.styleOut("gray", when.padStart(12))}  ${call}${toText(entry, terminal)}\n`);
  }
}

function toText(entry: TimelineEntry, terminal: Terminal): string {
  switch (entry.event) {
    case "started":
      return `started on ${toPlainText(entry.engine)}`;
    case "called": {
      const { path, args, effect, decision, reason } = entry;
      const why = [
        effect,
        decision === undefined ? undefined : `${decisions[decision]}${reason ? `: ${reason}` : ""}`,
      ];
      const judged = why.filter((each) => each !== undefined).join(", ");
      return `${terminal.styleOut("bold", toPlainText(path))}(${toLine(args)})${judged && `  ${terminal.styleOut("gray", toPlainText(judged))}`}`;
    }
    case "asked":
      return terminal.styleOut(
        "yellow",
        `${questions[entry.kind]}, until ${toDate(entry.until).slice(0, 16)}`,
      );
    case "answered": {
      const { answer, comment, covers } = entry;
      const said = comment === undefined ? "" : `: ${toPlainText(comment)}`;
      const more =
        covers === undefined ? "" : covers === "run" ? ", for the run" : `, until ${toDate(covers)}`;
      return terminal.styleOut(answer === "approved" ? "green" : "red", `${answer}${more}${said}`);
    }
    case "sent":
      return "sent";
    case "settled": {
      const { state, ms, outcome, outcomeHash } = entry;
      const how = terminal.styleOut(state === "done" ? "green" : "red", states[state]);
      const kept =
        outcome === undefined ? outcomeHash && `answer not kept, SHA-256 ${outcomeHash}` : toLine(outcome);
      return `${how} in ${toDuration(ms)}${kept === undefined ? "" : `: ${kept}`}`;
    }
    case "ended":
      return entry.status;
  }
}

const decisions = { allow: "allowed", ask: "asks", deny: "denied" };
const questions = {
  approval: "waits for a person",
  in_doubt: "in doubt, waits for a person",
  input: "asks a person",
};
const states = { done: "done", error: "failed", in_doubt: "in doubt", denied: "denied" };

function toLine({ text, chars }: { readonly text: string; readonly chars: number }): string {
  const line = toPlainText(text).replaceAll(/\s+/g, " ");
  return chars <= mostChars ? line : `${line.slice(0, mostChars)}… (${chars} characters)`;
}

function toDate(at: number): string {
  return new Date(at).toISOString().replace("T", " ").slice(0, 19);
}

/** Milliseconds in the two largest units that it has: `12 ms`, `3.4 s`, `2 h 5 min`, `3 d 4 h`. */
function toDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return `${(ms / 1_000).toFixed(1)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 1) return `${minutes} min ${Math.floor(ms / 1_000) % 60} s`;
  const days = Math.floor(hours / 24);
  return days < 1 ? `${hours} h ${minutes % 60} min` : `${days} d ${hours % 24} h`;
}
