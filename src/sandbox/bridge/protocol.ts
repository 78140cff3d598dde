/**
 * The frames of the bridge as types, and how the host writes its own. What each means, who may send it when,
 * and what breaks a session is in docs/bridge-protocol.md; the guest's frames are read by
 * `parse-guest-frame.ts`, the host's by `guest/harness.ts`.
 */
import type { Delivery, GuestCall, GuestError, LogLine } from "../../spec/engine.ts";
import type { Limits } from "../../spec/limits.ts";
import type { Value } from "../../spec/value.ts";
import { encodeValue } from "./encode-value.ts";
import { ValueFault } from "./value-fault.ts";

/** The limits that the guest must know to fail early and readably. The host holds all of them itself. */
export type GuestLimits = Pick<Limits, "argumentBytes" | "resultBytes" | "depth" | "logBytes" | "timers"> & {
  /** Calls of any kind without an answer. */
  readonly unanswered: number;
};

export interface StartFrame {
  readonly seed: string;
  readonly now: number;
  readonly limits: GuestLimits;
}

export type GuestFrame =
  | { readonly kind: "call"; readonly call: GuestCall; readonly bytes: number }
  | { readonly kind: "log"; readonly line: LogLine }
  | { readonly kind: "idle"; readonly ping: number; readonly issued: number }
  | ({ readonly kind: "result"; readonly value: Value } & LastFrame)
  | ({ readonly kind: "error"; readonly error: GuestError } & LastFrame);

interface LastFrame {
  /** Deliveries that the guest had taken up before its end. */
  readonly released?: number;
}

/** Steps of a call's path, and characters of all of them together. */
export const maxPathSteps = 16;
export const maxPathChars = 1_024;

/** Characters of one host message; longer frames are sent in parts, each but the last marked by `+`. */
export const maxPartChars = 8 * 2 ** 20;

/** Bytes that a frame may have beside the value it carries. */
export const envelopeBytes = 8 * 1024;

/** Bytes of a failed run's error, its data included. */
export const errorBytes = 256 * 1024;

/** How many calls may be without an answer: each tool call and timer of a run at once. */
export function maxUnanswered(limits: Limits): number {
  return limits.calls + limits.timers;
}

export function startFrame(start: StartFrame): string {
  return JSON.stringify(["start", start]);
}

export function pingFrame(ping: number): string {
  return `["ping",${ping}]`;
}

/** A value that cannot cross becomes a failed delivery that names the place in it. */
export function deliveryFrame(delivery: Delivery, limits: Limits): string {
  if (!delivery.ok) return failFrame(delivery, delivery.error, limits);
  try {
    const value = encodeValue(
      delivery.value,
      { bytes: limits.resultBytes, depth: limits.depth },
      "the tool's answer",
    );
    return `["deliver",${delivery.seq},${delivery.now},${value}]`;
  } catch (thrown) {
    if (!(thrown instanceof ValueFault)) throw thrown;
    return failFrame(delivery, { code: thrown.code, message: `${thrown.message}.` }, limits);
  }
}

function failFrame(delivery: Delivery, error: GuestError, limits: Limits): string {
  const bounds = { bytes: Math.min(limits.resultBytes, 2 ** 20), depth: limits.depth };
  try {
    return `["fail",${delivery.seq},${delivery.now},${encodeValue(error, bounds, "the tool's error")}]`;
  } catch (thrown) {
    if (!(thrown instanceof ValueFault)) throw thrown;
    const { code, message, outcome } = error;
    const bare = { code, message: message.slice(0, 10_000), ...(outcome === undefined ? {} : { outcome }) };
    return `["fail",${delivery.seq},${delivery.now},${JSON.stringify(bare)}]`;
  }
}

/** A frame as the messages that carry it. */
export function frameToMessages(frame: string): string[] {
  if (frame.length <= maxPartChars) return [frame];
  const messages: string[] = [];
  for (let at = 0; at < frame.length;) {
    const end = partEnd(frame, at);
    messages.push(end < frame.length ? `+${frame.slice(at, end)}` : frame.slice(at));
    at = end;
  }
  return messages;
}

/** Never between the halves of a surrogate pair, which would not survive UTF-8. */
function partEnd(frame: string, at: number): number {
  const end = Math.min(frame.length, at + maxPartChars);
  const last = frame.charCodeAt(end - 1);
  return end < frame.length && last >= 0xd800 && last <= 0xdbff ? end - 1 : end;
}
