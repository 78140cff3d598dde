/**
 * What the operator says of sources beyond their listing: where idempotency keys go, what undoes what, and which
 * reads are made again instead of being kept.
 * The first glob that fits a tool's path below its source, or its upstream's name, answers.
 */
import { matchGlob } from "../match-glob.ts";
import type { IdempotencyRule, Source } from "../spec/source.ts";
import type { Tool } from "../spec/tool.ts";
import type { Json } from "../spec/value.ts";

/** "Undo of this tool is that tool with these arguments". */
export interface UndoRule {
  /** A path below the source, or a whole path. */
  readonly tool: string;
  /** JSON; a text that begins with `/args` or `/result` is a JSON pointer into the call that is undone. */
  readonly args?: Json | undefined;
}

export interface SourceRules {
  /** For all tools, or by glob. */
  readonly idempotency?: IdempotencyRule | { readonly [glob: string]: IdempotencyRule } | undefined;
  /** By glob. */
  readonly undo?: { readonly [glob: string]: UndoRule } | undefined;
  /** Of what its reads answer only a hash is kept; a resumed run makes them again. */
  readonly replay?: "reexecute" | undefined;
}

/** What the operator says, else what the source itself does. */
export function idempotencyOf(
  tool: Tool,
  rules: SourceRules | undefined,
  source: Pick<Source, "kind" | "idempotency"> | undefined,
): IdempotencyRule | undefined {
  if (tool.effect === "read") return undefined;
  const given = rules?.idempotency;
  const said = given === undefined || isIdempotencyRule(given) ? given : firstFit(given, tool);
  const rule = said ?? source?.idempotency;
  // A key in a header that is never sent would have a write sent twice.
  return rule !== undefined && "header" in rule && source?.kind !== "openapi" ? undefined : rule;
}

/** Whether a call of this tool is made again on a resume, in place of being kept with its answer. */
export function isReexecuted(
  tool: Tool,
  rules: SourceRules | undefined,
  source: Pick<Source, "replay"> | undefined,
): boolean {
  return tool.effect === "read" && (rules?.replay ?? source?.replay) === "reexecute";
}

export function undoOf(tool: Tool, rules: SourceRules | undefined): UndoRule | undefined {
  return rules?.undo === undefined ? undefined : firstFit(rules.undo, tool);
}

function firstFit<T>(table: { readonly [glob: string]: T }, { segments, upstreamName }: Tool): T | undefined {
  const names = [segments.join("."), upstreamName];
  return Object.entries(table).find(([glob]) => names.some((name) => matchGlob(glob, name)))?.[1];
}

function isIdempotencyRule(given: NonNullable<SourceRules["idempotency"]>): given is IdempotencyRule {
  const { header, argument } = given as { readonly header?: unknown; readonly argument?: unknown };
  return typeof header === "string" || typeof argument === "string";
}
