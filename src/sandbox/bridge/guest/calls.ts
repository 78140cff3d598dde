/**
 * Numbers the snippet's calls in the order it issues them, sends them, and settles each by its delivery.
 */
import { encodeValue } from "../encode-value.ts";
import type { GuestLimits } from "../protocol.ts";
import { ValueFault } from "../value-fault.ts";
import type { Clock } from "./clock.ts";
import type { Outbox } from "./outbox.ts";
import { callSite, siteLine } from "./snippet-position.ts";
import { createToolError, type ToolError, type ToolErrorFields } from "./tool-error.ts";

export type CallKind = "tool" | "builtin" | "timer";

export interface Calls {
  /** `below` is the function whose caller made the call; without it the call has no place in the snippet. */
  readonly issue: (
    kind: CallKind,
    path: readonly string[],
    args: readonly unknown[],
    below?: object,
  ) => Promise<unknown>;
  readonly deliver: (seq: number, now: number, value: unknown) => void;
  readonly fail: (seq: number, now: number, error: ToolErrorFields) => void;
  readonly issued: () => number;
  /** Deliveries that had their turn. */
  readonly released: () => number;
}

export interface CallsOptions {
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly limits: GuestLimits;
}

interface WaitingCall {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** The stack's line where the call was issued. */
  readonly site: string;
}

const tooLong: ToolErrorFields = {
  code: "tool_not_found",
  message: "No tool has a path this long.",
  hint: "Find tools with codemode.search.",
};

export function createCalls({ outbox, clock, limits }: CallsOptions): Calls {
  const waiting = new Map<number, WaitingCall>();
  const stringify = JSON.stringify;
  let issued = 0;
  let released = 0;
  let refusal: ToolError | undefined;

  function issue(
    kind: CallKind,
    path: readonly string[],
    args: readonly unknown[],
    below?: object,
  ): Promise<unknown> {
    if (waiting.size >= limits.unanswered) return Promise.reject(overload(below));
    const site = below === undefined ? "" : callSite(below);
    return new Promise((resolve, reject) => {
      const encoded = isTooLong(path) ? tooLong : encodeArguments(args, limits);
      if (typeof encoded !== "string") return reject(createToolError(encoded, site));
      const seq = ++issued;
      waiting.set(seq, { resolve, reject, site });
      const line = siteLine(site) ?? "null";
      outbox.push(`["call",${seq},"${kind}",${stringify(path)},${encoded},${line}]`);
    });
  }

  /** One error for all calls beyond the bound: there may be very many of them. */
  function overload(below?: object): ToolError {
    const message = `${limits.unanswered} calls are under way already.`;
    const hint = "Await some of them before you issue more.";
    refusal ??= createToolError(
      { code: "call_limit", message, hint },
      below === undefined ? "" : callSite(below),
    );
    return refusal;
  }

  function take(seq: number, now: number): WaitingCall | undefined {
    clock.advance(now);
    released += 1;
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
    released: () => released,
  };
}

/** Beyond what the host takes for a path (`protocol.ts`). */
function isTooLong(path: readonly string[]): boolean {
  return path.length > 16 || path.join("").length > 1_024;
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
