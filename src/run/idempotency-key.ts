/**
 * The key by which an upstream recognises a write that is sent again: the same for a call however often its
 * run is replayed, another for every other call. In the form of a UUID, which every API takes.
 */
import { createHash } from "node:crypto";
import type { CallContext, IdempotencyRule } from "../spec/source.ts";
import type { Value } from "../spec/value.ts";

export function toIdempotencyKey(runId: string, seq: number): string {
  const hex = createHash("sha256").update(`${runId} ${seq}`).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The arguments with the key in the place that the rule names; one that the snippet gives itself stays. */
export function withKey(args: Value, rule: IdempotencyRule | undefined, key: string): Value {
  if (rule === undefined || !("argument" in rule) || !isPlainObject(args)) return args;
  return Object.hasOwn(args, rule.argument) ? args : { ...args, [rule.argument]: key };
}

/** What a source is told of the key. */
export function keyContext(
  rule: IdempotencyRule | undefined,
  idempotencyKey: string | undefined,
): Pick<CallContext, "idempotencyKey" | "idempotencyHeader"> {
  if (idempotencyKey === undefined) return {};
  return {
    idempotencyKey,
    ...(rule !== undefined && "header" in rule ? { idempotencyHeader: rule.header } : {}),
  };
}

function isPlainObject(value: Value): value is { [key: string]: Value } {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
