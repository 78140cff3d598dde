/**
 * The shape of one entry of `utcp`: a manual, and what it may have of this machine.
 */
import * as z from "zod";
import { secretSchema } from "./openapi-entry-schema.ts";

export const utcpEntrySchema = z.strictObject({
  manual: z.string().min(1).describe("The manual: a path relative to this file, or a URL."),
  variables: z
    .record(z.string().regex(/^\w+$/), secretSchema)
    .optional()
    .describe(
      'Values for the variables of the manual, each by reference: ${VAR}, { "file": … } or { "command": […] }. Nothing else of the environment is filled in.',
    ),
  origins: z
    .array(z.string())
    .optional()
    .describe("Loopback or private origins that tools may be at, besides the manual's own."),
  commands: z
    .boolean()
    .optional()
    .describe("Let tools run commands of the manual on this machine. Default: false."),
  disabled: z.boolean().optional().describe("Keep the entry in the file without using it."),
});

export type UtcpEntry = z.infer<typeof utcpEntrySchema>;
