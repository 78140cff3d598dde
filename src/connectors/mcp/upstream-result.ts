/**
 * What a server answered, beside the value that was made of it: whoever serves MCP clients can pass it on as it came.
 * Kept for as long as the value lives, and never anywhere else.
 */
import type { Value } from "../../spec/value.ts";

export type UpstreamResult = { readonly [key: string]: unknown };

const results = new WeakMap<object, UpstreamResult>();

/** Text alone needs no memory: it is the one text block that it came as. */
export function rememberUpstreamResult(value: Value, result: UpstreamResult): void {
  if (typeof value === "object" && value !== null) results.set(value, result);
}

/** `undefined` for what is no answer of an MCP server in this process. */
export function upstreamResultOf(value: Value): UpstreamResult | undefined {
  return typeof value === "object" && value !== null ? results.get(value) : undefined;
}
