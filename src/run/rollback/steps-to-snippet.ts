/**
 * Writes the program that undoes a run, step after step. It is a run like any other from there on: journaled,
 * asked about, resumed after a crash. Its first line says which calls its steps undo, for a later attempt.
 */
import { valueToCode } from "../value-to-code.ts";
import type { UndoStep } from "./plan-rollback.ts";

/** The source under which a rollback finds what reverts a call; no configured source has this name. */
export const undoSource = "$undo";

export function stepsToSnippet(runId: string, steps: readonly UndoStep[]): string {
  const sent = steps.filter(({ how }) => how.kind !== "impossible");
  return [
    `// ${JSON.stringify({ undoes: runId, calls: sent.map(({ seq }) => seq) })}`,
    "const failed = [];",
    "async function undo(call, send) {",
    "  try { await send(); console.log(`undone: ${call}`); }",
    "  catch (error) { failed.push(`${call}: ${error.message}`); console.warn(`not undone: ${call}: ${error.message}`); }",
    "}",
    ...steps.map(stepToLine),
    `if (failed.length > 0) await codemode.rollbackIncomplete(failed, ${steps.length});`,
    `return "Undone: ${sent.length} writes of ${runId}.";`,
  ].join("\n");
}

function stepToLine({ seq, path, how }: UndoStep): string {
  const call = JSON.stringify(`call ${seq}, ${path}`);
  if (how.kind === "impossible")
    return `await undo(${call}, async () => { throw new Error(${JSON.stringify(how.reason)}); });`;
  const target = how.kind === "revert" ? [undoSource, `call_${seq}`] : how.path.split(".");
  const access = target.map((segment) => `[${JSON.stringify(segment)}]`).join("");
  return `await undo(${call}, () => tools${access}(${valueToCode(how.args)}));`;
}

/** The calls that the tool calls of such a program undo, in order. */
export function snippetToCalls(code: string): readonly number[] {
  const head: unknown = JSON.parse(code.slice(3, code.indexOf("\n")));
  return (head as { readonly calls: readonly number[] }).calls;
}
