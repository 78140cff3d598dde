/**
 * One call of a tool that stands beside `search` and `execute`: a run of its own, so that policy, approvals and journal
 * are those of any other call, answered as the upstream answered.
 */
import { isInputRequiredResult } from "@modelcontextprotocol/server";
import type {
  CallToolResult,
  ClientCapabilities,
  InputRequiredResult,
  ServerContext,
} from "@modelcontextprotocol/server";
import { upstreamResultOf } from "../../index.ts";
import type { Codemode, Execution, RunEvent, SourceAnswer, Tool, Value } from "../../index.ts";
import { withRawIntegers } from "../../json/raw-integer.ts";
import { restoreIntegers } from "../../json/restore-integers.ts";
import { executeAsking, type ClientApprovals } from "./ask-client.ts";
import { toAskPerson } from "./ask-person.ts";
import { isLiveState, LiveRun, type Outcome } from "./live-run.ts";
import { PatientWait } from "./patient-wait.ts";
import { toAsk } from "./sample-client.ts";
import { statesOutput } from "./native-tools.ts";
import { toTextResult } from "./to-tool-result.ts";
import { valueToContent } from "./value-to-content.ts";

export interface NativeCall {
  readonly tool: Tool;
  readonly args: unknown;
  readonly context: ServerContext;
  readonly principal?: string | undefined;
  /** Which client of the principal, for what is shared out fairly. */
  readonly client?: readonly string[] | undefined;
  readonly approvals?: ClientApprovals | undefined;
  readonly declared?: ClientCapabilities | undefined;
  readonly patienceMs?: number | undefined;
}

const defaultPatienceMs = 50_000;

export async function callNative(
  codemode: Codemode,
  {
    tool,
    args = {},
    context,
    principal,
    client,
    approvals,
    declared,
    patienceMs = defaultPatienceMs,
  }: NativeCall,
): Promise<CallToolResult | InputRequiredResult> {
  const { path } = tool;
  const traceparent = context.mcpReq._meta?.["traceparent"];
  const onEvent = toProgress(context);
  using wait = new PatientWait({ codemode, context, principal, patienceMs, onEvent });
  const binding = { principal: principal ?? "local", args: { path, args } };
  const live = new LiveRun(wait, binding);
  let answer: SourceAnswer | undefined;
  const request = {
    ...(principal === undefined ? {} : { principal }),
    ...(client === undefined ? {} : { client }),
    ...(typeof traceparent === "string" ? { traceparent } : {}),
    signal: live.signal,
    onEvent: live.event,
    onAnswer: (given: SourceAnswer): void => {
      answer = given;
    },
    ...toAsk(context, declared, live),
    ...toAskPerson(context, declared, live),
  };
  const state: unknown = context.mcpReq.requestState();
  const begin = async (): Promise<Outcome> =>
    isLiveState(state)
      ? LiveRun.answered(state, { context, wait, binding, codemode })
      : // The arguments came off the wire as JSON.
        live.outcome(codemode.call(path, args as Value, request));
  const resume = (runId: string): Promise<Outcome> => live.outcome(codemode.resume({ ...request, runId }));
  const outcome =
    approvals === undefined
      ? await begin()
      : await executeAsking({
          codemode,
          context,
          principal: binding.principal,
          approvals,
          args: binding.args,
          declared,
          begin,
          resume,
        });
  return isInputRequiredResult(outcome) ? outcome : toResult(outcome, answer, tool);
}

/** Progress as the upstream tells it, where the client asked for it. */
function toProgress({ mcpReq }: ServerContext): (event: RunEvent) => void {
  const progressToken = mcpReq._meta?.progressToken;
  return (event) => {
    if (progressToken === undefined || event.type !== "progress") return;
    const { done: progress, total, message } = event;
    const params = {
      progressToken,
      progress,
      ...(total === undefined ? {} : { total }),
      ...(message === undefined ? {} : { message }),
    };
    // A client that has gone cannot be told; the run itself learns of it by its signal.
    mcpReq.notify({ method: "notifications/progress", params }).catch(() => {});
  };
}

function toResult(
  { document, text }: Execution,
  answer: SourceAnswer | undefined,
  tool: Tool,
): CallToolResult {
  const { status, error, runId, result, exact, inexact } = document;
  const _meta = {
    "codemode/run": { runId, status, ...(inexact === undefined ? {} : { inexact }) },
  };
  if (status === "completed") {
    const value: Value = answer === undefined ? result : answer.value;
    const upstream = upstreamResultOf(value);
    // The protocol's own checks are the client's.
    if (upstream !== undefined && Array.isArray(upstream["content"]))
      return withRawIntegers({
        ...upstream,
        _meta: { ...Object(upstream["_meta"]), ..._meta },
      }) as CallToolResult;
    const structured = statesOutput(tool)
      ? { structuredContent: Object(withRawIntegers(restoreIntegers(result, exact))) }
      : {};
    return { content: valueToContent(value), ...structured, _meta };
  }
  if (error?.code === "tool_failed") return { ...toTextResult(error.message), isError: true, _meta };
  // Clients refuse an answer without the stated output, unless it is an error.
  const open = (status === "paused" || status === "running") && !statesOutput(tool);
  return { ...toTextResult(text), ...(open ? {} : { isError: true }), _meta };
}
