/**
 * The shape of `approvals`: by whom, and how, what a run asks is answered.
 */
import * as z from "zod";

export const approvalsSchema = z.strictObject({
  ask: z
    .enum(["client", "elsewhere"])
    .optional()
    .describe(
      "Who may answer over MCP: `client` asks in the client that runs the snippet, where it can show its user a question; `elsewhere` only ever answers a paused run, which is answered with the CLI. Default: client.",
    ),
});
