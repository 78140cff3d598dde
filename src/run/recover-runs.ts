/**
 * Settles what an earlier host left unfinished: every run that nobody holds and that has not ended is
 * continued by replay. A call whose outcome is unknown is retried if it is a read, else a person is asked.
 */
import type { ExecuteContext } from "./execute-context.ts";
import { resumeRun } from "./resume-run.ts";
import { refuseForeign } from "./sources/refuse-foreign.ts";

/** The number of runs taken up, none of which belongs to other sources; `leave` leaves them as they stand. Resolves when each has ended, paused, or been taken by another host. */
export async function recoverRuns(context: ExecuteContext, leave: AbortSignal): Promise<number> {
  const runs = await context.journal.unfinished();
  const resumed = await Promise.allSettled(
    runs.map(async (run) => {
      // Before anything of it is touched: it is another host's to take up.
      await refuseForeign(run, context, leave);
      const { runId, principal } = run;
      return resumeRun({ runId, principal }, context, leave);
    }),
  );
  return resumed.filter((each) => each.status === "fulfilled").length;
}
