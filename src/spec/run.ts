/**
 * The run document: the one JSON answer about a run that `--json`, `_meta["codemode/run"]` and HTTP share.
 */
import * as z from "zod";
import { callOutcomes } from "../call-error.ts";
import { timelineSchema } from "./timeline.ts";

export const runStatuses = [
  "queued",
  "running",
  "completed",
  "failed",
  "paused",
  "rejected",
  "cancelled",
] as const;
export type RunStatus = (typeof runStatuses)[number];

const outcome = z.enum(callOutcomes);
const effect = z.enum(["read", "write", "destructive"]);

/**
 * JSON readers round: an integer beyond 2^53 stands as text, its pointer in `exact`. `inexact` has the pointers of numbers
 * that are not what a source wrote or the program had. One to an object or a list says: somewhere in it, too many to name.
 * Pointers (RFC 6901) start at the value that they stand beside.
 */
const numberMarks = {
  exact: z.array(z.string()).optional(),
  inexact: z.array(z.string()).optional(),
};

/** The run document as a zod schema, for programs that read one from elsewhere. */
export const runDocumentSchema = z.object({
  runId: z.string(),
  status: z.enum(runStatuses),
  /** What the snippet returned, as JSON. Absent when it returned nothing. */
  result: z.json().optional(),
  ...numberMarks,
  error: z
    .object({
      code: z.string(),
      message: z.string(),
      hint: z.string().optional(),
      line: z.int().optional(),
      column: z.int().optional(),
    })
    .optional(),
  /** Present and true for a run without its writes: `writes` lists those it would have made. */
  dryRun: z.boolean().optional(),
  logs: z.array(z.object({ level: z.string(), text: z.string() })),
  calls: z.array(
    z.object({
      seq: z.int(),
      path: z.string(),
      effect,
      ms: z.number(),
      ok: z.boolean(),
      /** What became of one that failed. */
      outcome: outcome.optional(),
      /** Where the answer's numbers are not what the source wrote. */
      inexact: numberMarks.inexact,
    }),
  ),
  /** Reads of files in which numbers are not what was written. */
  inexactReads: z
    .array(z.object({ seq: z.int(), path: z.string(), inexact: z.array(z.string()) }))
    .optional(),
  writes: z.array(
    z.object({
      seq: z.int(),
      path: z.string(),
      args: z.json(),
      ...numberMarks,
      state: z.enum(["intent", "started", "done", "error", "in_doubt", "denied"]),
      /** What became of one that failed: `refused` did not happen, `failed` may have happened in part. */
      outcome: outcome.optional(),
    }),
  ),
  /** Calls that did not succeed, and the program did not see it, since it had ended. */
  unseen: z
    .array(
      z.object({
        path: z.string(),
        /** Absent for calls that were not made at all. */
        code: z.string().optional(),
        message: z.string(),
        outcome,
        /** Calls of this path that failed so. */
        count: z.int(),
      }),
    )
    .readonly()
    .optional(),
  pending: z
    .array(
      z.object({
        seq: z.int(),
        kind: z.enum(["approval", "in_doubt", "input"]),
        path: z.string(),
        /** Cut, the beginning of their JSON as text. */
        args: z.json(),
        /** Present where the arguments are cut: the characters that their JSON has. */
        cut: z.object({ chars: z.int() }).optional(),
        /** Why it is asked. */
        reason: z.string().optional(),
        /** Why an approval that was given for it did not count. */
        refused: z.object({ code: z.string(), message: z.string() }).optional(),
        ...numberMarks,
        /** What an `input` asks, with the JSON Schema of its answer. */
        question: z.object({ message: z.string(), schema: z.json() }).optional(),
      }),
    )
    .optional(),
  /** Present where `pending` does not hold all that is asked: how often what is. */
  pendingCounts: z
    .array(z.object({ path: z.string(), kind: z.enum(["approval", "in_doubt", "input"]), count: z.int() }))
    .optional(),
  /** Files that hold as a whole what the model's text holds cut. */
  artifacts: z
    .array(
      z.object({
        path: z.string(),
        bytes: z.int(),
        mime: z.string(),
        of: z.enum(["result", "image", "binary", "logs"]),
      }),
    )
    .readonly()
    .optional(),
  /** One call whole; only where it was asked for. */
  call: z
    .object({
      seq: z.int(),
      path: z.string(),
      effect: effect.optional(),
      state: z.string(),
      reason: z.string().optional(),
      args: z.json(),
      /** SHA-256 (hex) of the arguments as they are kept. */
      argsHash: z.string(),
      outcome: z.json().optional(),
      /** Of the call as it stands here: `/args/…` and `/outcome/…`. */
      ...numberMarks,
    })
    .optional(),
  /** What happened when; only where it was asked for. */
  timeline: timelineSchema.optional(),
  timings: z.object({ queueMs: z.number(), checkMs: z.number(), runMs: z.number(), totalMs: z.number() }),
});

export type RunDocument = z.infer<typeof runDocumentSchema>;
export type RunCall = RunDocument["calls"][number];
export type UnseenFailure = NonNullable<RunDocument["unseen"]>[number];
export type RunWrite = RunDocument["writes"][number];
export type RunArtifact = NonNullable<RunDocument["artifacts"]>[number];
