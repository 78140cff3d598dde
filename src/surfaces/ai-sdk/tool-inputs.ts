/**
 * Reads what a model sends to `execute` and `search`, as leniently as models are careless: nulls are absent, numbers
 * may be text. What cannot be meant is told with how it is called.
 */
import * as z from "zod";
import type { ExecuteInput, SearchInput } from "./sdk-tools.ts";

type Read<Input> = { readonly value: Input } | { readonly message: string };

const optional = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value) => value ?? undefined);

const executeSchema = z
  .strictObject({
    code: optional(z.string()),
    resume: optional(z.string().min(1)),
    dryRun: optional(z.boolean()),
  })
  .refine(({ code, resume }) => (code === undefined) !== (resume === undefined), "one of code and resume");

const searchSchema = z.strictObject({
  query: z.string().default(""),
  source: optional(z.string().min(1)),
  limit: optional(z.coerce.number().int().min(1)).transform((limit) =>
    limit === undefined ? undefined : Math.min(limit, 50),
  ),
  detail: optional(z.enum(["names", "signatures", "full"])),
});

export function readExecuteInput(value: unknown): Read<ExecuteInput> {
  return read(
    executeSchema,
    value,
    "execute takes either { code: string }, the body of an async TypeScript function, or { resume: string }, the id of a run.",
  );
}

export function readSearchInput(value: unknown): Read<SearchInput> {
  return read(
    searchSchema,
    value,
    'search takes { query: string, source?: string, limit?: 1–50, detail?: "names" | "signatures" | "full" }.',
  );
}

function read<Input>(schema: z.ZodType<Input>, value: unknown, usage: string): Read<Input> {
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return { value: parsed.data };
  const problems = parsed.error.issues.slice(0, 3).map(({ path, message }) => {
    const field = path.join(".");
    return field === "" ? message : `${field}: ${message}`;
  });
  return { message: `${problems.join("; ")}. ${usage}` };
}
