/**
 * The functions behind `codemode.fs.<name>(…)`, over the files of one run. Their number counts against the limit of calls.
 */
import { CodemodeError } from "../../errors.ts";
import type { Limits } from "../../spec/limits.ts";
import type { Workspace } from "../../spec/workspace.ts";
import type { BuiltinCall, Builtins } from "../call-builtin.ts";
import type { ExecuteContext } from "../execute-context.ts";
import type { RunRecord } from "../run-record.ts";
import { fileCallUsages, readFileCall } from "./read-file-call.ts";
import { RunFiles } from "./run-files.ts";

export interface FileBuiltinsOptions {
  readonly workspace: Workspace;
  readonly record: RunRecord;
  readonly limits: Limits;
}

export function createFileBuiltins(
  { workspaces, fileLimits }: Pick<ExecuteContext, "workspaces" | "fileLimits">,
  { workspace, record, limits }: FileBuiltinsOptions,
): Builtins {
  const files = new RunFiles({
    store: workspaces.files,
    workspace,
    runId: record.runId,
    limits: fileLimits,
    answerBytes: limits.resultBytes,
    intend: (seq) => record.calls.noteDown(seq),
  });
  let made = 0;
  return new Map(
    (Object.keys(fileCallUsages) as (keyof typeof fileCallUsages)[]).map((kind) => [
      `fs.${kind}`,
      async ({ seq, args }: BuiltinCall) => {
        made += 1;
        if (made > limits.calls)
          throw new CodemodeError("call_limit", `A run may call codemode.fs ${limits.calls} times.`, {
            hint: "Read and write more at once.",
          });
        return files.answer(seq, readFileCall(kind, args));
      },
    ]),
  );
}
