/**
 * Content blocks of a value that came from no MCP server, or from a record: text as text, the rest as JSON.
 */
import type { CallToolResult } from "@modelcontextprotocol/server";
import type { Value } from "../../index.ts";

export function valueToContent(value: Value): CallToolResult["content"] {
  if (value === undefined || value === null) return [];
  return [{ type: "text", text: typeof value === "string" ? value : toText(value) }];
}

function toText(value: Value): string {
  return JSON.stringify(value, (_key, each: unknown) => {
    if (typeof each === "bigint") return each.toString();
    if (each instanceof Map) return [...each];
    if (each instanceof Set) return [...each];
    return each instanceof Uint8Array ? `<${each.byteLength} bytes>` : each;
  });
}
