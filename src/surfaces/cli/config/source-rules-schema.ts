/**
 * The shape of what is said of a source's calls: where idempotency keys go, what undoes what, and which reads are
 * made again instead of being kept.
 */
import * as z from "zod";

const ruleSchema = z.union([
  z.strictObject({
    header: z
      .string()
      .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, { error: "must be the name of a header" })
      .describe("The header that carries the key, such as Idempotency-Key. For OpenAPI sources."),
  }),
  z.strictObject({ argument: z.string().min(1).describe("The argument that carries the key.") }),
]);

export const idempotencySchema = z
  .union([ruleSchema, z.record(z.string(), ruleSchema)])
  .describe(
    'Where writes take the key by which the upstream recognises one that is sent again: { "header": "Idempotency-Key" } or { "argument": "request_id" }, or such rules by glob. After a crash such a call is sent again instead of being in doubt.',
  );

export const undoSchema = z
  .record(
    z.string(),
    z.strictObject({
      tool: z
        .string()
        .min(1)
        .describe("The tool that undoes it: its path below the source, or a whole path."),
      args: z
        .record(z.string(), z.json())
        .optional()
        .describe(
          "Its arguments; a text that begins with /args or /result is a JSON pointer into the call that is undone.",
        ),
    }),
  )
  .describe(
    'What `codemode rollback` calls to undo a write, by glob: { "create_issue": { "tool": "delete_issue", "args": { "id": "/result/id" } } }.',
  );

export const replaySchema = z
  .literal("reexecute")
  .describe(
    "Of what its reads answer only a hash is kept: for large answers that stay what they are. A run that is resumed makes them again, and fails with `run_diverged` where one answers differently. Default: answers are kept.",
  );

export const relaySchema = z
  .strictObject({
    elicitation: z
      .boolean()
      .optional()
      .describe("Whether its forms are put to the person at the client. Default: true."),
    sampling: z
      .boolean()
      .optional()
      .describe(
        "Whether it may have the client's model, or the configured one, complete its prompts. Default: false.",
      ),
  })
  .describe("What an MCP server may ask in the middle of a call.");
