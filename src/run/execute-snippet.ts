/**
 * One run from the model's text to the run document: prepare, check, start the guest, answer its calls,
 * settle. It decides the order of these; each is done elsewhere.
 */
import { randomBytes } from "node:crypto";
import { CodemodeError, toCodemodeError } from "../errors.ts";
import type { Execution, ExecuteRequest } from "../spec/codemode.ts";
import type { Checker, Declarations } from "../spec/check.ts";
import type { Engine, GuestOutcome } from "../spec/engine.ts";
import type { Limits } from "../spec/limits.ts";
import type { Policy } from "../spec/policy.ts";
import type { Source } from "../spec/source.ts";
import type { Catalog, CatalogSource, Tool } from "../spec/tool.ts";
import type { Value } from "../spec/value.ts";
import type { Builtins } from "./call-builtin.ts";
import { checkSnippet, type CheckMode } from "./check-snippet.ts";
import { GuestCalls } from "./guest-calls.ts";
import { lowerLimits } from "./lower-limits.ts";
import { prepareSnippet, type PreparedSnippet } from "./prepare.ts";
import { documentToText } from "./document-to-text.ts";
import { RunRecord } from "./run-record.ts";
import { toGuestError } from "./to-guest-error.ts";

/** What every run of one `createCodemode()` shares. */
export interface ExecuteContext {
  readonly engine: Engine;
  readonly checker?: Checker;
  readonly check: CheckMode;
  readonly policy: Policy;
  readonly limits: Limits;
  readonly catalog: (signal: AbortSignal | undefined) => Promise<Catalog>;
  readonly declarations: (source: CatalogSource) => Declarations;
  readonly source: (name: string) => Source | undefined;
  readonly validate: (tool: Tool, args: Value) => void;
  readonly builtins: Builtins;
  readonly answered: (tool: Tool, value: Value) => void;
}

/** Throws for mistakes of the caller (`config_invalid` limits); all that a snippet does wrong is data. */
export async function executeSnippet(request: ExecuteRequest, context: ExecuteContext): Promise<Execution> {
  const limits = lowerLimits(context.limits, request.limits);
  const record = new RunRecord(
    `run_${Date.now().toString(36)}${randomBytes(8).toString("hex")}`,
    request.onEvent,
  );
  record.setStatus("queued");
  const notes: string[] = [];
  try {
    const prepared = prepareSnippet(request.code, limits);
    const catalog = await context.catalog(request.signal);
    notes.push(...(await checkFirst({ prepared, request, record, catalog }, context)));
    await runGuest({ prepared, request, record, catalog, limits }, context);
  } catch (error) {
    record.fail(toGuestError(request.signal?.aborted === true ? cancelled() : toCodemodeError(error)));
  }
  const document = record.toDocument();
  return { document, text: documentToText(document, { code: request.code, notes }) };
}

interface RunInput {
  readonly prepared: PreparedSnippet;
  readonly request: ExecuteRequest;
  readonly record: RunRecord;
  readonly catalog: Catalog;
}

/** Throws `snippet_type`; returns what the check only warns of. */
async function checkFirst(
  { prepared, request, record, catalog }: RunInput,
  context: ExecuteContext,
): Promise<readonly string[]> {
  const began = performance.now();
  try {
    return await checkSnippet(prepared, request.code, {
      mode: context.check,
      checker: context.checker,
      declarations: catalog.sources.flatMap((source) =>
        prepared.mentions(source.name) ? [context.declarations(source)] : [],
      ),
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    });
  } finally {
    record.timings.checkMs = performance.now() - began;
  }
}

async function runGuest(
  { prepared, request, record, catalog, limits }: RunInput & { readonly limits: Limits },
  context: ExecuteContext,
): Promise<void> {
  const { signal, principal = "local", traceparent } = request;
  const ended = new AbortController();
  const calls = new GuestCalls(
    {
      catalog,
      source: context.source,
      validate: context.validate,
      policy: context.policy,
      record,
      limits,
      principal,
      signal: ended.signal,
      answered: context.answered,
      ...(traceparent === undefined ? {} : { traceparent }),
    },
    context.builtins,
  );
  signal?.throwIfAborted();
  const session = await context.engine.start(
    { code: prepared.javascript, limits, seed: randomBytes(16).toString("hex"), now: Date.now(), principal },
    { call: (call) => calls.issued(call), log: (line) => record.log(line) },
    signal === undefined ? {} : { signal },
  );
  const cancel = (): void => session.cancel(toGuestError(cancelled()));
  signal?.addEventListener("abort", cancel, { once: true });
  try {
    if (signal?.aborted === true) cancel();
    record.setStatus("running");
    calls.attach(session);
    const outcome = await session.outcome;
    await calls.end(() => ended.abort());
    const { queueMs, runMs } = session.usage();
    Object.assign(record.timings, { queueMs, runMs });
    settle(outcome, record, prepared);
  } finally {
    signal?.removeEventListener("abort", cancel);
    ended.abort();
    await session[Symbol.asyncDispose]();
  }
}

function settle(outcome: GuestOutcome, record: RunRecord, prepared: PreparedSnippet): void {
  if (outcome.status === "completed") return record.complete(outcome.value);
  const { error } = outcome;
  if (error.line === undefined) return record.fail(error);
  const { line, column } = prepared.toOriginal({ line: error.line, column: error.column ?? 1 });
  record.fail({ ...error, line, ...(error.column === undefined ? {} : { column }) });
}

function cancelled(): CodemodeError {
  return new CodemodeError("run_cancelled", "The run was cancelled.");
}
