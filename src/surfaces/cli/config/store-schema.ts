/**
 * The shape of `store` and `retention`: where runs are recorded, with which key, and for how long.
 */
import * as z from "zod";
import { secretSchema } from "./openapi-entry-schema.ts";

export const storeSchema = z
  .union([
    z.string().min(1),
    z.strictObject({
      path: z
        .string()
        .min(1)
        .optional()
        .describe("Where runs are recorded: a path or a URL. Default: state.db in the user's state folder."),
      key: secretSchema
        .optional()
        .describe(
          'The key with which what snippets send and receive is encrypted, 32 bytes as base64 or hex: ${VAR}, { "file": … } or { "command": […] }, such as the command that reads your keyring.',
        ),
      leaseMs: z
        .int()
        .min(1_000)
        .max(120_000)
        .optional()
        .describe(
          "Milliseconds after which a host that has not said that it lives counts as dead, so that another goes on with its runs. All hosts of a store should have the same. Default: 30000.",
        ),
    }),
  ])
  .describe(
    "Where runs are recorded: a path, a URL, or an object with `path`, `key` and `leaseMs`. Default: state.db in the user's state folder.",
  );

/** What is kept when nothing is said. */
export const defaultRetention = { days: 90, runs: 100_000, megabytes: 2_048, inDoubtDays: 365 };

export const retentionSchema = z
  .strictObject({
    days: z
      .number()
      .positive()
      .optional()
      .describe(`Days after its last change that an ended run is kept. Default: ${defaultRetention.days}.`),
    runs: z.int().positive().optional().describe(`Runs kept. Default: ${defaultRetention.runs}.`),
    megabytes: z
      .number()
      .positive()
      .optional()
      .describe(`Size of the runs kept, in megabytes. Default: ${defaultRetention.megabytes}.`),
    inDoubtDays: z
      .number()
      .positive()
      .optional()
      .describe(
        `Days after which an ended run is removed like others although a write of it is still in doubt. Default: ${defaultRetention.inDoubtDays}.`,
      ),
  })
  .describe(
    "How long ended runs are kept; `serve` removes older ones at its start and every hour. Runs that are paused are never removed.",
  );
