/**
 * Waits until every source has answered or failed, and says meanwhile who is still awaited.
 */
import type { Codemode, SourceOverview } from "../../spec/codemode.ts";
import type { Catalog } from "../../spec/tool.ts";
import { createStatusLine } from "./status-line.ts";
import type { Terminal } from "./terminal.ts";

export interface AwaitOptions {
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

export async function awaitSources(codemode: Codemode, { terminal, signal }: AwaitOptions): Promise<Catalog> {
  using line = createStatusLine(terminal);
  const update = (): void => {
    const all = codemode.sources();
    const awaited = all.filter((source) => !isSettled(source)).map((source) => source.name);
    line.set(
      `${all.length - awaited.length} of ${all.length} sources ready; waiting for ${awaited.join(", ")}`,
    );
  };
  using _changes = codemode.onChange(update);
  update();
  return await codemode.catalog({ fresh: true, signal });
}

/** It has answered since this start, or will not; a connection may have been let go since. */
export function isSettled({ status, tools, kept }: SourceOverview): boolean {
  if (status.state === "failed" || status.state === "closed") return true;
  return !kept && (status.state === "ready" || tools > 0);
}

const styles = { ready: "green", failed: "red", closed: "red", starting: "yellow", idle: "yellow" } as const;

/** `ready, 13 tools`, on standard output. */
export function toStateWord({ status, tools, kept }: SourceOverview, terminal: Terminal): string {
  const count = `${tools} ${tools === 1 ? "tool" : "tools"}${kept ? " as of the last start" : ""}`;
  return `${terminal.styleOut(styles[status.state], status.state)}, ${count}`;
}
