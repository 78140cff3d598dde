/**
 * Content blocks of a value that came from no MCP server, or from a record: text as text, the rest as JSON, in which a
 * large integer has all its digits.
 */
import type { CallToolResult } from "@modelcontextprotocol/server";
import type { Value } from "../../index.ts";
import { rawInteger } from "../../json/raw-integer.ts";

export function valueToContent(value: Value): CallToolResult["content"] {
  if (value === undefined || value === null) return [];
  return [{ type: "text", text: typeof value === "string" ? value : toText(value) }];
}

function toText(value: Value): string {
  return JSON.stringify(value, (_key, each: unknown) => {
    if (typeof each === "bigint") return rawInteger(each);
    if (each instanceof Map) return [...each];
    if (each instanceof Set) return [...each];
    return each instanceof Uint8Array ? `<${each.byteLength} bytes>` : each;
  });
}
