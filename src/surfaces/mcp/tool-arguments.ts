/**
 * What `search` and `execute` take, as models really send it: a number as text and a limit that is too high are
 * understood; an unknown key is a mistake worth telling.
 */
import * as z from "zod";
import { CodemodeError } from "../../errors.ts";
import type { SearchDetail } from "../../index.ts";

const mostHits = 50;
const details = ["names", "signatures", "full"] as const satisfies readonly SearchDetail[];

const searchSchema = z.strictObject({
  query: z.string().default(""),
  source: z.string().min(1).nullish(),
  limit: z.coerce.number().int().min(1).nullish(),
  detail: z.enum(details).nullish(),
});

const searchUsage =
  'search takes { query: string, source?: string, limit?: 1–50, detail?: "names" | "signatures" | "full" }.';

export interface SearchArguments {
  readonly query: string;
  readonly source?: string;
  readonly limit?: number;
  readonly detail?: SearchDetail;
}

/** Throws `usage` with what is wrong and how the tool is called. */
export function parseSearch(input: unknown): SearchArguments {
  const { query, source, limit, detail } = parse(searchSchema, input, searchUsage);
  return {
    query,
    ...(typeof source === "string" ? { source } : {}),
    ...(typeof limit === "number" ? { limit: Math.min(limit, mostHits) } : {}),
    ...(detail === undefined || detail === null ? {} : { detail }),
  };
}

const executeSchema = z.union([
  z.strictObject({
    code: z.string(),
    resume: z.null().optional(),
    dryRun: z.boolean().nullish(),
    detach: z.boolean().nullish(),
  }),
  z.strictObject({
    resume: z.string(),
    code: z.null().optional(),
    // A run goes on as it was begun.
    dryRun: z.literal(false).nullish(),
    detach: z.literal(false).nullish(),
  }),
]);

const executeUsage =
  "execute takes either { code: string }, the body of an async TypeScript function, or { resume: string }, the id of a run.";

export type ExecuteArguments =
  | { readonly code: string; readonly dryRun: boolean; readonly detach: boolean }
  | { readonly resume: string };

/** Throws `usage` with what is wrong and how the tool is called. */
export function parseExecute(input: unknown): ExecuteArguments {
  const { code, resume, dryRun, detach } = parse(executeSchema, input, executeUsage);
  if (typeof code !== "string") return { resume: resume ?? "" };
  return { code, dryRun: dryRun === true, detach: detach === true };
}

function parse<T extends z.ZodType>(schema: T, input: unknown, usage: string): z.infer<T> {
  const parsed = schema.safeParse(input ?? {});
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.slice(0, 3).map((issue) => {
    const field = issue.path.join(".");
    return field === "" ? issue.message : `${field}: ${issue.message}`;
  });
  throw new CodemodeError("usage", problems.join("; "), { hint: usage });
}
