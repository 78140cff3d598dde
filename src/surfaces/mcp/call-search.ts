/**
 * The `search` tool: one text as the answer.
 */
import type { CallToolResult } from "@modelcontextprotocol/server";
import type { Codemode } from "../../index.ts";
import { toTextResult } from "./to-tool-result.ts";
import { parseSearch } from "./tool-arguments.ts";

/** Saved snippets are found by whom they belong to. Throws `usage`. */
export async function callSearch(
  codemode: Codemode,
  args: unknown,
  {
    principal,
    client,
  }: { readonly principal?: string | undefined; readonly client?: readonly string[] | undefined },
): Promise<CallToolResult> {
  const request = parseSearch(args);
  return toTextResult(
    await codemode.searchText({ ...request, client, ...(principal === undefined ? {} : { principal }) }),
  );
}
