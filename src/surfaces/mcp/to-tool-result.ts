/**
 * The shapes of an answer to `tools/call`: always one text block, and an error only for the model to read.
 */
import type { CallToolResult } from "@modelcontextprotocol/server";
import type * as z from "zod";
import { toCodemodeError } from "../../errors.ts";

export function toTextResult(text: string): CallToolResult {
  return { content: [{ type: "text", text }] };
}

/** Arguments that do not fit: which, why, and how the tool is called. */
export function toUsageResult(error: z.ZodError, usage: string): CallToolResult {
  const problems = error.issues.slice(0, 3).map((issue) => {
    const field = issue.path.join(".");
    return field === "" ? issue.message : `${field}: ${issue.message}`;
  });
  return { ...toTextResult(`${problems.join("; ")}\n${usage}`), isError: true };
}

/** What was thrown, as the code, the message and the next step. */
export function toErrorResult(thrown: unknown): CallToolResult {
  const { code, message, hint } = toCodemodeError(thrown);
  return { ...toTextResult(`${code}: ${message}${hint === undefined ? "" : `\n${hint}`}`), isError: true };
}
