/**
 * The shape of `approvals`: by whom, and how, what a run asks is answered.
 */
import * as z from "zod";
import { isPinHash } from "../../../run/approval-pin.ts";

export const approvalsSchema = z.strictObject({
  ask: z
    .enum(["client", "elsewhere"])
    .optional()
    .describe(
      "Who may answer over MCP: `client` asks in the client that runs the snippet, where it can show its user a question; `elsewhere` only ever answers a paused run, which is answered with the CLI. Default: client.",
    ),
  expiresMs: z
    .int()
    .min(1_000)
    .max(31_536_000_000)
    .optional()
    .describe(
      "Milliseconds for which what a run asks stays open, from a second to a year; unanswered by then it counts as rejected. Calls in doubt stay open until they are answered. Default: 2592000000, 30 days.",
    ),
  inDoubt: z
    .enum(["ask", "tell"])
    .optional()
    .describe(
      "What becomes of a write that was sent and of which no answer came (a lost connection, a deadline): `ask` pauses the run until a person says whether it happened, `tell` gives the program the error and lists the write as in doubt. Default: ask.",
    ),
  pin: z
    .string()
    .refine(isPinHash, "must be what `codemode pin` prints, never the code itself")
    .optional()
    .describe(
      "Hash of a code that only the person has, as `codemode pin` prints it: every answer then needs the code, typed at a terminal, and MCP clients are not asked. Default: none.",
    ),
});
