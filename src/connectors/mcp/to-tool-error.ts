/**
 * Tells what the server says of one call from what went wrong around it: an error in answer to `tools/call`
 * is the tool's own word.
 */
import { ProtocolError, SdkError, SdkErrorCode } from "@modelcontextprotocol/client";
import { CallError, type CallOutcome } from "../../call-error.ts";

const maxMessage = 16_384;
const askingHint = "Look for parameters that say beforehand what it would ask, or use another tool.";

/** MissingRequiredClientCapability and UrlElicitationRequired. */
const askingCodes = new Set([-32021, -32042]);

/** A `tool_failed` where the server answered the call with an error; anything else unchanged. */
export function toToolError(thrown: unknown, tool: string): unknown {
  if (thrown instanceof ProtocolError) {
    const message = thrown.message === "" ? `${tool} failed without saying why.` : thrown.message;
    return new CallError("tool_failed", cutMessage(message), {
      outcome: outcomeOfProtocolError(thrown.code),
      cause: thrown,
      ...(askingCodes.has(thrown.code) ? { hint: askingHint } : {}),
      data: { code: thrown.code, ...(thrown.data === undefined ? {} : { data: thrown.data }) },
    });
  }
  if (thrown instanceof SdkError && thrown.code === SdkErrorCode.UnsupportedResultType) {
    return new CallError(
      "tool_failed",
      `${tool} asks for input while it runs, which cannot be given to it here.`,
      {
        outcome: "failed",
        cause: thrown,
        hint: askingHint,
        data: thrown.data,
      },
    );
  }
  return thrown;
}

/**
 * JSON-RPC's own codes for what it does not take (unreadable, no such method, wrong arguments), MCP's for a resource that
 * is not there, and those by which a server says that it would have to ask first. -32603 and a server's own say nothing.
 */
const refusals = new Set([-32700, -32600, -32601, -32602, -32002, ...askingCodes]);

export function outcomeOfProtocolError(code: number): CallOutcome {
  return refusals.has(code) ? "refused" : "failed";
}

export function cutMessage(message: string): string {
  return message.length > maxMessage ? `${message.slice(0, maxMessage)}…` : message;
}
