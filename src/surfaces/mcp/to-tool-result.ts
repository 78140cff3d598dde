/**
 * The shapes of an answer to `tools/call`: always one text block, and an error only for the model to read.
 */
import type { CallToolResult } from "@modelcontextprotocol/server";
import { toCodemodeError } from "../../errors.ts";

export function toTextResult(text: string): CallToolResult {
  return { content: [{ type: "text", text }] };
}

/** What was thrown, as the code, the message and the next step. */
export function toErrorResult(thrown: unknown): CallToolResult {
  const { code, message, hint } = toCodemodeError(thrown);
  return { ...toTextResult(`${code}: ${message}${hint === undefined ? "" : `\n${hint}`}`), isError: true };
}
