/**
 * Tells what the server says of one call from what went wrong around it: an error in answer to `tools/call`
 * is the tool's own word.
 */
import { ProtocolError, SdkError, SdkErrorCode } from "@modelcontextprotocol/client";
import { CodemodeError } from "../../errors.ts";

const maxMessage = 16_384;
const askingHint = "Look for parameters that say beforehand what it would ask, or use another tool.";

/** MissingRequiredClientCapability and UrlElicitationRequired. */
const askingCodes = new Set([-32021, -32042]);

/** A `tool_failed` where the server answered the call with an error; anything else unchanged. */
export function toToolError(thrown: unknown, tool: string): unknown {
  if (thrown instanceof ProtocolError) {
    const message = thrown.message === "" ? `${tool} failed without saying why.` : thrown.message;
    return new CodemodeError("tool_failed", cutMessage(message), {
      cause: thrown,
      ...(askingCodes.has(thrown.code) ? { hint: askingHint } : {}),
      data: { code: thrown.code, ...(thrown.data === undefined ? {} : { data: thrown.data }) },
    });
  }
  if (thrown instanceof SdkError && thrown.code === SdkErrorCode.UnsupportedResultType) {
    return new CodemodeError(
      "tool_failed",
      `${tool} asks for input while it runs, which cannot be given to it here.`,
      {
        cause: thrown,
        hint: askingHint,
        data: thrown.data,
      },
    );
  }
  return thrown;
}

export function cutMessage(message: string): string {
  return message.length > maxMessage ? `${message.slice(0, maxMessage)}…` : message;
}
