/**
 * Every paused run of a principal with what it asks, and every ended one with writes in doubt, ready to be put to a person.
 */
import { toCodemodeError } from "../errors.ts";
import type { PendingRun } from "../spec/codemode.ts";
import type { PendingRequest } from "../spec/questions.ts";
import type { Journal } from "../spec/journal.ts";
import { listRuns } from "./list-runs.ts";
import { openQuestions } from "./open-questions.ts";

const defaultLimit = 50;

/** Newest first; runs whose questions have all been answered or have expired have none. */
export async function listPending(
  { principal = "local", before, limit = defaultLimit }: PendingRequest,
  journal: Journal,
): Promise<readonly PendingRun[]> {
  const paused = await listRuns(
    { principal, waiting: true, limit, ...(before === undefined ? {} : { before }) },
    journal,
  );
  return Promise.all(
    paused.map(async (run): Promise<PendingRun> => {
      try {
        const { questions, text, total } = await openQuestions({ runId: run.runId, principal }, journal);
        return { ...run, questions, text, total };
      } catch (thrown) {
        const { code, message } = toCodemodeError(thrown);
        // One damaged record hides no other run.
        if (code !== "store_corrupt") throw thrown;
        return { ...run, questions: [], text: "", total: 0, fault: { code, message } };
      }
    }),
  );
}
