/**
 * The runs of a principal, newest first, with what tells them apart.
 */
import type { RunsRequest, RunSummary } from "../spec/codemode.ts";
import type { Journal, RunFilter } from "../spec/journal.ts";

const titleLength = 80;

export async function listRuns(
  { principal = "local", ...filter }: RunsRequest & Pick<RunFilter, "waiting">,
  journal: Journal,
): Promise<readonly RunSummary[]> {
  const runs = await journal.runs({ principal, ...filter });
  return runs.map(({ runId, status, startedAt, code }) => ({
    runId,
    status,
    startedAt,
    title: firstLine(code),
  }));
}

function firstLine(code: string): string {
  const line = code.split("\n").find((each) => each.trim() !== "" && !each.startsWith("```")) ?? "";
  return line.trim().slice(0, titleLength);
}
