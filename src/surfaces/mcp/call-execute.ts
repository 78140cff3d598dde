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
import * as z from "zod";
import type { Codemode, Execution, RunDocument } from "../../index.ts";
import { executeAsking } from "./ask-client.ts";
import type { ClientApprovals } from "./ask-client.ts";
import { PatientWait } from "./patient-wait.ts";
import { toAsk } from "./sample-client.ts";
import { createProgressReporter } from "./progress-reporter.ts";
import { toTextResult, toUsageResult } from "./to-tool-result.ts";

const argumentsSchema = z.union([
  z.strictObject({ code: z.string(), resume: z.null().optional(), dryRun: z.boolean().nullish() }),
  z.strictObject({
    resume: z.string(),
    code: z.null().optional(),
    // A run goes on as it was begun.
    dryRun: z.literal(false).nullish(),
  }),
]);

const usage =
  "execute takes either { code: string }, the body of an async TypeScript function, or { resume: string }, the id of a run.";

export interface ExecuteCall {
  readonly args: unknown;
  readonly context: ServerContext;
  readonly principal?: string | undefined;
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
  { args, context, principal, approvals, declared, patienceMs = defaultPatienceMs }: ExecuteCall,
): Promise<CallToolResult | InputRequiredResult> {
  const parsed = argumentsSchema.safeParse(args ?? {});
  if (!parsed.success) return toUsageResult(parsed.error, usage);
  const traceparent = context.mcpReq._meta?.["traceparent"];
  using progress = createProgressReporter(context);
  const { code, resume, dryRun } = parsed.data;
  using wait = new PatientWait({
    codemode,
    context,
    principal,
    patienceMs,
    runId: resume ?? undefined,
    onEvent: progress.event,
  });
  const request = {
    signal: wait.signal,
    onEvent: wait.event,
    ...toAsk(context, declared),
    ...(principal === undefined ? {} : { principal }),
    ...(typeof traceparent === "string" ? { traceparent } : {}),
  };
  const continueRun = (runId: string): Promise<Execution> =>
    wait.until(codemode.resume({ ...request, runId }));
  const begin = (): Promise<Execution> =>
    typeof code === "string"
      ? wait.until(codemode.execute({ ...request, code, dryRun: dryRun === true }))
      : continueRun(resume ?? "");
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

function toResult({ document, text }: Execution): CallToolResult {
  const failed =
    document.status === "failed" || document.status === "rejected" || document.status === "cancelled";
  return {
    ...toTextResult(text),
    ...(failed ? { isError: true } : {}),
    _meta: { "codemode/run": fitDocument(document) },
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
