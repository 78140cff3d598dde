/**
 * The contract of a policy: a pure function from one call to an answer with its reason.
 */
import type { Effect, Tool } from "./tool.ts";
import type { Value } from "./value.ts";

export type Decision = "allow" | "ask" | "deny";

export interface PolicyRequest {
  readonly tool: Tool;
  readonly args: Value;
  readonly principal: string;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly run: {
    readonly id: string;
    /** Calls already let through in this run, by effect. */
    readonly made: { readonly [effect in Effect]: number };
    /** When each was, in epoch milliseconds, oldest first. */
    readonly times: readonly { readonly effect: Effect; readonly at: number }[];
    /** Provenance labels the run has taken on. */
    readonly labels: readonly string[];
  };
}

export interface PolicyAnswer {
  readonly decision: Decision;
  /** One sentence for a person and for the model. */
  readonly reason: string;
}

export type Policy = (request: PolicyRequest) => PolicyAnswer;

/** What one argument is compared with; all that are given must hold. */
export interface ArgumentPredicate {
  readonly equals?: string | number | boolean | null | undefined;
  readonly oneOf?: readonly (string | number | boolean | null)[] | undefined;
  /** A glob. */
  readonly matches?: string | undefined;
  readonly above?: number | undefined;
  readonly below?: number | undefined;
  readonly exists?: boolean | undefined;
  readonly longerThan?: number | undefined;
}

/** The names that `policy` takes. */
export const policyPresets = ["read-only", "ask-writes", "allow-all"] as const;
export type PolicyPreset = (typeof policyPresets)[number];
