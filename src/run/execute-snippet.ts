/**
 * Begins a run: gives it an id, pins what its replay will need in the journal, and runs its first session.
 */
import { randomBytes } from "node:crypto";
import { CodemodeError } from "../errors.ts";
import type { Execution, ExecuteRequest } from "../spec/codemode.ts";
import type { RunOrigin } from "../spec/journal.ts";
import type { ExecuteContext } from "./execute-context.ts";
import { orEnded } from "./end-run.ts";
import { newOwner, takeLease, type TakenLease } from "./lease/hold-lease.ts";
import { lowerLimits } from "./lower-limits.ts";
import { rulesVersion } from "./replay-rules.ts";
import { endedExecution } from "./resume-run.ts";
import { runSession } from "./run-session.ts";
import { wantedSources } from "./sources/wanted-sources.ts";
import { identifyNamed } from "./sources/identify-sources.ts";
import { writeSources } from "./sources/recorded-sources.ts";
import { hashText } from "./value-text.ts";

/** Throws for mistakes of the caller (`config_invalid` limits) and `store_*`; all that a snippet does wrong is data. */
export async function executeSnippet(request: ExecuteRequest, context: ExecuteContext): Promise<Execution> {
  const { origin, taken } = await beginRun(request, context);
  return orEnded(runSession({ origin, taken, request }, context), () => endedExecution(origin, context));
}

/** The run is in the journal, held by this host, and nothing of it has happened. Throws like `executeSnippet`. */
export async function beginRun(
  request: ExecuteRequest,
  context: ExecuteContext,
): Promise<{ readonly origin: RunOrigin; readonly taken: TakenLease }> {
  if (typeof request.code !== "string")
    throw new CodemodeError("usage", "execute takes the snippet as the string `code`.");
  const limits = lowerLimits(context.limits, request.limits);
  await context.admission.admit([request.principal ?? "local", ...(request.client ?? [])], request.signal);
  const { build } = await context.engine.ready();
  const catalog = await context.catalog(request.signal, wantedSources(request.code));
  const { signal = new AbortController().signal, principal = "local" } = request;
  const { source } = context;
  const named = await identifyNamed([request.code], { principal, signal }, { catalog, source });
  const startedAt = Date.now();
  const origin: RunOrigin = {
    runId: `run_${startedAt.toString(36)}${randomBytes(8).toString("hex")}`,
    principal,
    code: request.code,
    codeHash: hashText(request.code),
    catalogVersion: catalog.version,
    policyVersion: context.policyVersion,
    seed: randomBytes(16).toString("hex"),
    engine: build,
    limits: JSON.stringify(limits),
    startedAt,
    rules: rulesVersion,
    ...(context.config === undefined ? {} : { config: context.config }),
    sources: writeSources(new Map(named)),
  };
  const { journal, leaseMs } = context;
  return { origin, taken: await takeLease(() => journal.create(origin, newOwner(), leaseMs)) };
}
