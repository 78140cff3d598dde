/**
 * What happened in a run and when, for a person who looks at it afterwards: made of what the journal keeps.
 */
import * as z from "zod";

const base = {
  /** Epoch milliseconds. */
  at: z.number(),
};
const call = { ...base, seq: z.int(), path: z.string() };

/** The head of a text that may be large. */
const shown = z.object({ text: z.string(), chars: z.int() });

export const timelineSchema = z.array(
  z.discriminatedUnion("event", [
    z.object({ ...base, event: z.literal("started"), engine: z.string(), catalog: z.string() }),
    z.object({
      ...call,
      event: z.literal("called"),
      kind: z.enum(["tool", "builtin", "timer"]),
      args: shown,
      effect: z.enum(["read", "write", "destructive"]).optional(),
      decision: z.enum(["allow", "ask", "deny"]).optional(),
      /** Why it was decided so. */
      reason: z.string().optional(),
    }),
    z.object({
      ...call,
      event: z.literal("asked"),
      kind: z.enum(["approval", "in_doubt", "input"]),
      /** Epoch milliseconds until which it may be answered. */
      until: z.number(),
    }),
    z.object({
      ...call,
      event: z.literal("answered"),
      kind: z.enum(["approval", "in_doubt", "input"]),
      answer: z.enum(["approved", "rejected", "dropped", "expired"]),
      comment: z.string().optional(),
      /** What else the answer covers: the rest of the run, or every run until then (epoch milliseconds). */
      covers: z.union([z.literal("run"), z.number()]).optional(),
    }),
    /** Only of a call that a person was asked about; any other is sent when it is called. */
    z.object({ ...call, event: z.literal("sent") }),
    z.object({
      ...call,
      event: z.literal("settled"),
      state: z.enum(["done", "error", "in_doubt", "denied"]),
      /** Milliseconds since it was sent. */
      ms: z.number(),
      /** Its answer or error as JSON. */
      outcome: shown.optional(),
      /** SHA-256 (hex) of an answer that is not kept. */
      outcomeHash: z.string().optional(),
    }),
    z.object({ ...base, event: z.literal("ended"), status: z.string() }),
  ]),
);

/** In the order in which it happened. */
export type Timeline = z.infer<typeof timelineSchema>;
export type TimelineEntry = Timeline[number];
