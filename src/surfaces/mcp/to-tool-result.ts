/**
 * The shapes of an answer to `tools/call`: always one text block, and an error only for the model to read.
 */
import type { CallToolResult } from "@modelcontextprotocol/server";
import { toCodemodeError } from "../../errors.ts";
import { thrownToText } from "../../run/render/thrown-to-text.ts";

export function toTextResult(text: string): CallToolResult {
  return { content: [{ type: "text", text }] };
}

/** What was thrown, as the code, the message and the next step. */
export function toErrorResult(thrown: unknown): CallToolResult {
  return { ...toTextResult(thrownToText(toCodemodeError(thrown))), isError: true };
}
