/**
 * Tells how the sources of a running server fare: one line for each when it is known, and one log entry for
 * each change after that.
 */
import type { Codemode, SourceOverview } from "../../spec/codemode.ts";
import type { Log } from "./create-log.ts";
import { isSettled, toStateWord } from "./show-sources.ts";
import { toPlainText } from "./terminal.ts";
import type { Terminal } from "./terminal.ts";

export interface AnnounceOptions {
  readonly terminal: Terminal;
  readonly log: Log;
}

/** Goes on until it is disposed. */
export function announceSources(codemode: Codemode, { terminal, log }: AnnounceOptions): Disposable {
  terminal.out("Sources\n");
  const width = Math.max(...codemode.sources().map((source) => source.name.length));
  const told = new Map<string, string>();
  const update = (): void => {
    for (const source of codemode.sources()) {
      if (!isSettled(source)) continue;
      const before = told.get(source.name);
      const now = toPlainState(source);
      if (before === now) continue;
      told.set(source.name, now);
      if (before === undefined) terminal.out(toLine(source, width, terminal));
      else log.info({ source: source.name, before, now }, "a source changed");
    }
  };
  update();
  return codemode.onChange(update);
}

function toLine(source: SourceOverview, width: number, terminal: Terminal): string {
  const reason = source.status.reason === undefined ? "" : `: ${toPlainText(source.status.reason)}`;
  return `  ${source.name.padEnd(width)}  ${toStateWord(source, terminal)}${reason}\n`;
}

function toPlainState({ status, tools }: SourceOverview): string {
  return `${status.state}, ${tools} tools${status.reason === undefined ? "" : `: ${status.reason}`}`;
}
