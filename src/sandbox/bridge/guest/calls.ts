/**
 * Numbers the snippet's calls in the order it issues them, sends them, and settles each by its delivery.
 */
import { encodeValue } from "../encode-value.ts";
import type { GuestLimits } from "../protocol.ts";
import { ValueFault } from "../value-fault.ts";
import type { Clock } from "./clock.ts";
import type { Outbox } from "./outbox.ts";
import { snippetPosition } from "./snippet-position.ts";
import { createToolError, type ToolErrorFields } from "./tool-error.ts";

export type CallKind = "tool" | "builtin" | "timer";

export interface Calls {
  readonly issue: (kind: CallKind, path: readonly string[], args: readonly unknown[]) => Promise<unknown>;
  readonly deliver: (seq: number, now: number, value: unknown) => void;
  readonly fail: (seq: number, now: number, error: ToolErrorFields) => void;
  readonly issued: () => number;
}

export interface CallsOptions {
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly limits: GuestLimits;
}

interface WaitingCall {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** Made where the call was issued, for its stack. */
  readonly site: Error;
}

const maxPathSteps = 16;
const maxPathChars = 1_024;

export function createCalls({ outbox, clock, limits }: CallsOptions): Calls {
  const waiting = new Map<number, WaitingCall>();
  const stringify = JSON.stringify;
  let issued = 0;

  function issue(kind: CallKind, path: readonly string[], args: readonly unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const site = new Error("call");
      const refusal = refuse(path);
      if (refusal !== undefined) return reject(createToolError(refusal, site));
      const encoded = encodeArguments(args, limits);
      if (typeof encoded !== "string") return reject(createToolError(encoded, site));
      const seq = ++issued;
      waiting.set(seq, { resolve, reject, site });
      const line = kind === "timer" ? "null" : (snippetPosition(site)?.line ?? "null");
      outbox.push(`["call",${seq},"${kind}",${stringify(path)},${encoded},${line}]`);
    });
  }

  function refuse(path: readonly string[]): ToolErrorFields | undefined {
    if (waiting.size >= limits.unanswered) {
      const message = `${limits.unanswered} calls are under way already.`;
      return { code: "call_limit", message, hint: "Await some of them before you issue more." };
    }
    if (path.length <= maxPathSteps && path.join(".").length <= maxPathChars) return undefined;
    return {
      code: "tool_not_found",
      message: "No tool has a path this long.",
      hint: "Find tools with codemode.search.",
    };
  }

  function take(seq: number, now: number): WaitingCall | undefined {
    clock.advance(now);
    const call = waiting.get(seq);
    waiting.delete(seq);
    return call;
  }

  return {
    issue,
    deliver(seq, now, value) {
      take(seq, now)?.resolve(value);
    },
    fail(seq, now, error) {
      const call = take(seq, now);
      call?.reject(createToolError(error, call.site));
    },
    issued: () => issued,
  };
}

/** The JSON list of the arguments; `undefined` ones at the end are left out, as if they were not written. */
function encodeArguments(args: readonly unknown[], limits: GuestLimits): string | ToolErrorFields {
  const bounds = { bytes: limits.argumentBytes, depth: limits.depth };
  let count = args.length;
  while (count > 0 && args[count - 1] === undefined) count--;
  try {
    const texts: string[] = [];
    for (let index = 0; index < count; index++) {
      texts.push(encodeValue(args[index], bounds, index === 0 ? "args" : `args[${index}]`));
    }
    const encoded = `[${texts.join(",")}]`;
    if (encoded.length <= limits.argumentBytes + 1024) return encoded;
    return {
      code: "value_too_large",
      message: `The arguments are larger than ${limits.argumentBytes} bytes together.`,
    };
  } catch (thrown) {
    if (thrown instanceof ValueFault) return { code: thrown.code, message: `${thrown.message}.` };
    throw thrown;
  }
}
