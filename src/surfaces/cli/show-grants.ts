/**
 * Standing approvals on a terminal, one line each.
 */
import type { StandingGrant } from "../../spec/questions.ts";
import { toPlainText } from "./terminal.ts";
import type { Terminal } from "./terminal.ts";

export function showGrants(grants: readonly StandingGrant[], terminal: Terminal): void {
  for (const grant of grants) {
    const { runId, seq, path, effect } = grant;
    const what = `${terminal.styleOut("bold", toPlainText(path))}${effect === undefined ? "" : ` (${effect})`}`;
    terminal.out(`${runId}/${seq} ${what} ${grantToText(grant)}\n`);
  }
}

export function grantToText({
  for: covered,
  until = 0,
  match,
}: Omit<StandingGrant, "runId" | "seq">): string {
  const how = covered === "run" ? "for the rest of its run" : `until ${new Date(until).toISOString()}`;
  return match === undefined ? how : `${how}, where ${toPlainText(JSON.stringify(match))}`;
}
