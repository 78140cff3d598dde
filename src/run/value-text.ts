/**
 * Values as the journal keeps them: in the bridge's own encoding, so that a replay delivers byte for byte
 * what was delivered.
 */
import { createHash } from "node:crypto";
import { CodemodeError } from "../errors.ts";
import { mayHoldTags, reviveValue } from "../sandbox/bridge/decode-value.ts";
import { encodeValue } from "../sandbox/bridge/encode-value.ts";
import { ValueFault } from "../sandbox/bridge/value-fault.ts";
import type { GuestError } from "../spec/engine.ts";
import type { Value } from "../spec/value.ts";
import type { Answer } from "./answer.ts";

/** An outcome nests its value once more than the value itself. */
const maxDepth = 1_000;

/** Throws `value_unsupported` or `value_too_large`, naming the place inside the value, called `root`. */
export function valueToText(
  value: Value,
  limits: { readonly bytes: number; readonly depth: number },
  root: string,
): string {
  try {
    return encodeValue(value, limits, root);
  } catch (error) {
    if (error instanceof ValueFault) throw new CodemodeError(error.code, error.message, { cause: error });
    throw error;
  }
}

/** For texts that this product wrote itself. */
export function textToValue(text: string): Value {
  const parsed: unknown = JSON.parse(text);
  return mayHoldTags(text) ? reviveValue(parsed as Value, maxDepth) : (parsed as Value);
}

export function answerToText(
  answer: Answer,
  limits: { readonly bytes: number; readonly depth: number },
): string {
  if (!answer.ok) return `-${valueToText({ ...answer.error }, limits, "error")}`;
  const { value, inexact = [] } = answer;
  const text = valueToText(value, limits, "answer");
  // JSON is on one line, so that the first line feed ends it.
  return inexact.length === 0 ? `+${text}` : `~${JSON.stringify(inexact)}\n${text}`;
}

export function textToAnswer(text: string): Answer {
  if (text.startsWith("~")) {
    const end = text.indexOf("\n");
    const inexact: string[] = JSON.parse(text.slice(1, end));
    return { ok: true, value: textToValue(text.slice(end + 1)), inexact };
  }
  const value = textToValue(text.slice(1));
  return text.startsWith("+") ? { ok: true, value } : { ok: false, error: value as unknown as GuestError };
}

export function hashText(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
