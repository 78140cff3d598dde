/**
 * Settles what an earlier host left unfinished: every run that nobody holds and that has not ended is
 * continued by replay. A call whose outcome is unknown is retried if it is a read, else a person is asked.
 */
import { CodemodeError } from "../errors.ts";
import type { RunRow } from "../spec/journal.ts";
import type { ExecuteContext } from "./execute-context.ts";
import { resumeRun } from "./resume-run.ts";
import { refuseForeign } from "./sources/refuse-foreign.ts";

/** The number of runs taken up, none of which belongs to other sources; `leave` leaves them as they stand. Resolves when each has ended, paused, or been taken by another host. */
export async function recoverRuns(context: ExecuteContext, leave: AbortSignal): Promise<number> {
  const runs = await context.journal.unfinished();
  const resumed = await Promise.allSettled(
    runs.map(async (run) => {
      await leaveForeign(run, context, leave);
      const { runId, principal } = run;
      return resumeRun({ runId, principal }, context, leave);
    }),
  );
  return resumed.filter((each) => each.status === "fulfilled").length;
}

/** Looks again and again, and tells an operator of a run once. */
const told = new WeakMap<ExecuteContext["journal"], Set<string>>();
const mostTold = 1_000;

/** Before anything of it is touched: it is another host's to take up. Throws `run_foreign`. */
async function leaveForeign(run: RunRow, context: ExecuteContext, leave: AbortSignal): Promise<void> {
  try {
    await refuseForeign(run, context, leave);
  } catch (thrown) {
    const known = told.get(context.journal) ?? new Set();
    told.set(context.journal, known);
    const isNews = !known.has(run.runId) && known.size < mostTold;
    if (thrown instanceof CodemodeError && thrown.code === "run_foreign" && isNews) {
      known.add(run.runId);
      const { config = "" } = run;
      context.warn("an unfinished run of other sources is left as it is", {
        runId: run.runId,
        reason: thrown.message,
        ...(config === "" ? {} : { config }),
      });
    }
    throw thrown;
  }
}
