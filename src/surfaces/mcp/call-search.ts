/**
 * The `search` tool: arguments as models really send them, one text as the answer.
 */
import type { CallToolResult } from "@modelcontextprotocol/server";
import * as z from "zod";
import type { Codemode, SearchDetail } from "../../index.ts";
import { toTextResult, toUsageResult } from "./to-tool-result.ts";

const mostHits = 50;
const details = ["names", "signatures", "full"] as const satisfies readonly SearchDetail[];

/** A number as text and a limit that is too high are understood; an unknown key is a mistake worth telling. */
const argumentsSchema = z.strictObject({
  query: z.string().default(""),
  source: z.string().min(1).nullish(),
  limit: z.coerce.number().int().min(1).nullish(),
  detail: z.enum(details).nullish(),
});

const usage =
  'search takes { query: string, source?: string, limit?: 1–50, detail?: "names" | "signatures" | "full" }.';

/** Saved snippets are found by whom they belong to. */
export async function callSearch(
  codemode: Codemode,
  args: unknown,
  principal: string | undefined,
): Promise<CallToolResult> {
  const parsed = argumentsSchema.safeParse(args ?? {});
  if (!parsed.success) return toUsageResult(parsed.error, usage);
  const { query, source, limit, detail } = parsed.data;
  const text = await codemode.searchText({
    query,
    ...(principal === undefined ? {} : { principal }),
    ...(typeof source === "string" ? { source } : {}),
    ...(typeof limit === "number" ? { limit: Math.min(limit, mostHits) } : {}),
    ...(detail === undefined || detail === null ? {} : { detail }),
  });
  return toTextResult(text);
}
