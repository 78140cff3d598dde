/**
 * Undoes what an ended run has written. A rollback is a run of its own under an id that follows from the run's,
 * so that it is begun once however many hosts ask for it, and continued by replay when one dies in the middle.
 * A later attempt takes up what an earlier one has left.
 */
import { randomBytes } from "node:crypto";
import { CodemodeError } from "../../errors.ts";
import type { Execution, ResumeRequest } from "../../spec/codemode.ts";
import type { CallRow, RunRow } from "../../spec/journal.ts";
import type { ExecuteContext } from "../execute-context.ts";
import { isEnded } from "../end-run.ts";
import { newOwner } from "../lease/hold-lease.ts";
import { rulesVersion } from "../replay-rules.ts";
import { findRun, resumeRun } from "../resume-run.ts";
import { refuseForeign } from "../sources/refuse-foreign.ts";
import { hashText } from "../value-text.ts";
import { planRollback, type UndoStep } from "./plan-rollback.ts";
import { toRollbackId } from "./rollback-context.ts";
import { snippetToCalls, stepsToSnippet } from "./steps-to-snippet.ts";

/** The arguments of all writes are part of the program. */
const snippetBytes = 64 * 2 ** 20;

/** Throws `run_not_found` and `run_not_ended`. */
export async function rollbackRun(request: ResumeRequest, context: ExecuteContext): Promise<Execution> {
  const { journal } = context;
  const { runId: undone, principal = "local", acceptSources: accepted = [] } = request;
  const asked = await findRun(request, context);
  if (!isEnded(asked)) throw notEnded(asked);
  // What is accepted is kept with the run that is undone, so that it is said once.
  if (accepted.length > 0) await resumeRun({ runId: undone, principal, acceptSources: accepted }, context);
  const run = await findRun(request, context);
  await refuseForeign(run, context, request.signal);
  const attempted = new Map<number, "done" | "in_doubt">();
  for (let attempt = 1; ; attempt += 1) {
    const runId = toRollbackId(run.runId, attempt);
    const earlier = await journal.run(run.principal, runId);
    if (earlier === undefined) {
      const catalog = await context.catalog(request.signal);
      const { undoOf } = context;
      const steps = planRollback(await journal.calls(run.runId), { catalog, undoOf, attempted });
      const last = toRollbackId(run.runId, attempt - 1);
      if (attempt > 1 && !steps.some(({ how }) => how.kind !== "impossible"))
        return resumeRun({ ...request, runId: last }, context);
      await begin({ run, runId, steps }, context);
    }
    if (earlier === undefined || !isEnded(earlier)) return resumeRun({ ...request, runId }, context);
    for (const [seq, state] of settled(earlier, await journal.calls(runId))) attempted.set(seq, state);
  }
}

interface Beginning {
  readonly run: RunRow;
  readonly runId: string;
  readonly steps: readonly UndoStep[];
}

/** Another host that begins the same rollback at the same time loses, and continues the winner's. */
async function begin({ run, runId, steps }: Beginning, context: ExecuteContext): Promise<void> {
  const { journal, engine, policyVersion, limits } = context;
  const code = stepsToSnippet(run.runId, steps);
  const { build } = await engine.ready();
  try {
    const lease = await journal.create(
      {
        runId,
        principal: run.principal,
        code,
        codeHash: hashText(code),
        catalogVersion: run.catalogVersion,
        policyVersion,
        seed: randomBytes(16).toString("hex"),
        engine: build,
        limits: JSON.stringify({ ...limits, snippetBytes, calls: Math.max(limits.calls, steps.length) }),
        startedAt: Date.now(),
        rules: rulesVersion,
        ...(context.config === undefined ? {} : { config: context.config }),
        // It goes on only where the run could have: what it undoes was written there.
        ...(run.sources === undefined ? {} : { sources: run.sources }),
      },
      newOwner(),
      context.leaseMs,
    );
    await journal.release(lease);
  } catch (error) {
    if ((await journal.run(run.principal, runId)) === undefined) throw error;
  }
}

/** What the attempt has sent, by the calls it should undo; what the tool refused may be tried again. */
function settled(attempt: RunRow, calls: readonly CallRow[]): readonly [number, "done" | "in_doubt"][] {
  const undone = snippetToCalls(attempt.code);
  return calls
    .filter(({ kind }) => kind === "tool")
    .sort((a, b) => a.seq - b.seq)
    .flatMap(({ state }, index): [number, "done" | "in_doubt"][] => {
      const seq = undone[index];
      if (seq === undefined) return [];
      if (state === "done") return [[seq, "done"]];
      return state === "started" || state === "in_doubt" ? [[seq, "in_doubt"]] : [];
    });
}

function notEnded({ runId, status }: RunRow): CodemodeError {
  return new CodemodeError(
    "run_not_ended",
    `The run ${runId} is ${status}: only what has ended is rolled back.`,
    {
      hint: "Resume it, answer what it asks, or cancel it first.",
    },
  );
}
