/**
 * Sees one run through to its end for a command: shows what happens, then the outcome as text or document.
 */
import type { Codemode, Execution, SourceOverview } from "../../spec/codemode.ts";
import type { RunEvent } from "../../spec/events.ts";
import type { RunDocument } from "../../spec/run.ts";
import type { CliContext } from "./cli-command.ts";
import { statusToExitCode } from "./exit-codes.ts";
import type { ExitCode } from "./exit-codes.ts";
import { promptAnswer } from "./prompt-answer.ts";
import { followRun, showRun } from "./show-run.ts";
import { createStatusLine } from "./status-line.ts";
import { toPlainText } from "./terminal.ts";
import type { Terminal } from "./terminal.ts";
import { escapeHidden } from "../../show-hidden.ts";

export interface FollowRequest {
  readonly signal: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
}

export interface FinishOptions {
  readonly context: CliContext;
  readonly codemode: Codemode;
  readonly json: boolean | undefined;
  /** What the status line says first. */
  readonly status?: string;
}

export async function finishRun(
  begin: (request: FollowRequest) => Promise<Execution>,
  { context, codemode, json, status = "starting" }: FinishOptions,
): Promise<ExitCode> {
  const { terminal, signal } = context;
  using line = createStatusLine(terminal);
  line.set(status);
  const follow = { signal, ...(json === true ? {} : { onEvent: followRun(line, terminal) }) };
  let { document } = await begin(follow);
  line[Symbol.dispose]();
  if (json !== true) document = await askWhilePaused(document, { context, codemode });
  if (json === true) terminal.out(`${escapeHidden(JSON.stringify(document))}\n`);
  else showRun(document, terminal);
  if (document.status === "failed") showFailedSources(codemode.sources(), terminal);
  return statusToExitCode(document.status);
}

/** Puts each question to the person at the terminal, until the run ends or they leave it for later. */
async function askWhilePaused(
  paused: RunDocument,
  { context: { terminal, signal }, codemode }: Pick<FinishOptions, "context" | "codemode">,
): Promise<RunDocument> {
  let document = paused;
  while (document.status === "paused") {
    const { runId } = document;
    if (!(await promptAnswer(runId, { codemode, terminal }))) break;
    ({ document } = await codemode.resume({ signal, runId }));
  }
  return document;
}

/** What is missing because its source could not be reached looks like a mistake of the snippet otherwise. */
function showFailedSources(sources: readonly SourceOverview[], terminal: Terminal): void {
  for (const { name, status } of sources) {
    if (status.state === "failed")
      terminal.err(`The source "${name}" has failed: ${toPlainText(status.reason ?? "no reason given")}\n`);
  }
}
