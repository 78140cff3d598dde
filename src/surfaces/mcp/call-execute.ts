/**
 * The `execute` tool: one run, new or resumed, its text for the model, its document in `_meta` for programs. While it lasts
 * the client hears of its progress and may cancel it.
 */
import { isInputRequiredResult } from "@modelcontextprotocol/server";
import type {
  CallToolResult,
  ClientCapabilities,
  InputRequiredResult,
  ServerContext,
} from "@modelcontextprotocol/server";
import type { Codemode, Execution, RunDocument } from "../../index.ts";
import { executeAsking } from "./ask-client.ts";
import type { ClientApprovals } from "./ask-client.ts";
import { toAskPerson } from "./ask-person.ts";
import { executionToLinks } from "./file-resources.ts";
import { isLiveState, LiveRun } from "./live-run.ts";
import type { Outcome } from "./live-run.ts";
import { PatientWait } from "./patient-wait.ts";
import { toAsk } from "./sample-client.ts";
import { createProgressReporter } from "./progress-reporter.ts";
import { toTextResult } from "./to-tool-result.ts";
import { parseExecute } from "./tool-arguments.ts";

export interface ExecuteCall {
  readonly args: unknown;
  readonly context: ServerContext;
  readonly principal?: string | undefined;
  /** Which client of the principal, for what is shared out fairly. */
  readonly client?: readonly string[] | undefined;
  /** How a client may answer what the run asks; absent: not at all. */
  readonly approvals?: ClientApprovals | undefined;
  /** What the client declared when it initialized. */
  readonly declared?: ClientCapabilities | undefined;
  /** Milliseconds after which a client without a progress token is told that the run goes on. Default 50 s. */
  readonly patienceMs?: number | undefined;
}

/** Clients commonly give a request up after 60 s. */
const defaultPatienceMs = 50_000;

export async function callExecute(
  codemode: Codemode,
  { args, context, principal, client, approvals, declared, patienceMs = defaultPatienceMs }: ExecuteCall,
): Promise<CallToolResult | InputRequiredResult> {
  const parsed = parseExecute(args);
  const resumed = "resume" in parsed ? parsed.resume : undefined;
  const traceparent = context.mcpReq._meta?.["traceparent"];
  const structured = context.mcpReq._meta?.["codemode/structured"] === true;
  using progress = createProgressReporter(context);
  using wait = new PatientWait({
    codemode,
    context,
    principal,
    patienceMs,
    runId: resumed,
    onEvent: progress.event,
  });
  const unattended = {
    ...(principal === undefined ? {} : { principal }),
    ...(client === undefined ? {} : { client }),
    ...(typeof traceparent === "string" ? { traceparent } : {}),
    ...(structured ? { structured } : {}),
  };
  if ("code" in parsed && parsed.detach)
    return toResult(await codemode.execute({ ...unattended, ...parsed, signal: wait.signal }));
  const binding = { principal: principal ?? "local", args };
  const live = new LiveRun(wait, binding);
  const request = {
    ...unattended,
    signal: live.signal,
    onEvent: live.event,
    ...toAsk(context, declared, live),
    ...toAskPerson(context, declared, live),
  };
  const state: unknown = context.mcpReq.requestState();
  const continueRun = (runId: string): Promise<Outcome> =>
    live.outcome(codemode.resume({ ...request, runId }));
  const begin = async (): Promise<Outcome> => {
    if (isLiveState(state)) return LiveRun.answered(state, { context, wait, binding, codemode });
    if ("resume" in parsed) return continueRun(parsed.resume);
    return live.outcome(codemode.execute({ ...request, ...parsed }));
  };
  const execution =
    approvals === undefined
      ? await begin()
      : await executeAsking({
          codemode,
          context,
          principal: principal ?? "local",
          approvals,
          args,
          declared,
          begin,
          resume: continueRun,
        });
  return isInputRequiredResult(execution) ? execution : toResult(execution);
}

/** `structuredContent` is for clients that ask for it, and holds what their text then does not. */
function toResult(execution: Execution): CallToolResult {
  const { document, text, structured } = execution;
  const failed =
    document.status === "failed" || document.status === "rejected" || document.status === "cancelled";
  const fitted = fitDocument(document);
  return {
    content: [...toTextResult(text).content, ...executionToLinks(execution)],
    ...(structured === undefined ? {} : { structuredContent: { ...structured } }),
    ...(failed ? { isError: true } : {}),
    _meta: { "codemode/run": fitted, ...(fitted === document ? {} : { "codemode/cut": true }) },
  };
}

/** Clients bound the size of one message (10 MB is common), and the model has its own copy of what matters. */
const mostDocumentChars = 2 ** 20;

/** The document, without its largest parts when it would be too large for one message. */
export function fitDocument(document: RunDocument): RunDocument {
  const size = (part: unknown): number => JSON.stringify(part)?.length ?? 0;
  if (size(document) <= mostDocumentChars) return document;
  const { result: _result, ...rest } = document;
  if (size(rest) <= mostDocumentChars) return rest;
  const writes = rest.writes.map((write) => (size(write.args) <= 1_000 ? write : { ...write, args: null }));
  return { ...rest, writes, logs: [], ...(rest.pending === undefined ? {} : { pending: rest.pending }) };
}
