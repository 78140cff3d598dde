/**
 * Feeds the host's side of the bridge with what a taken-over guest might send: valid frames broken in one
 * place, frames of random shape, sequences out of order. Seeded, so that a finding can be had again. Throws at
 * the first thing that no guest may be able to do.
 */
import { createHostSession } from "../../src/sandbox/bridge/host-session.ts";
import type { GuestCall, GuestOutcome, LogLine } from "../../src/spec/engine.ts";
import { defaultLimits, type Limits } from "../../src/spec/limits.ts";
import { createFrameMaker, type Dice } from "./make-frames.ts";

export interface BridgeFuzzOptions {
  readonly seed: number;
  /** Frames to send in all. */
  readonly frames: number;
}

export interface BridgeFuzzReport {
  readonly frames: number;
  readonly sessions: number;
  /** Sessions by how they ended. */
  readonly ends: { readonly [code: string]: number };
  /** Calls that reached the host: well formed, in order, before the end. */
  readonly calls: number;
}

/** Small limits, so that each is met often. */
const limits: Limits = {
  ...defaultLimits,
  calls: 20,
  timers: 5,
  argumentBytes: 2_000,
  resultBytes: 4_000,
  logBytes: 1_000,
  depth: 12,
};

export async function fuzzBridge({ seed, frames }: BridgeFuzzOptions): Promise<BridgeFuzzReport> {
  const dice = createDice(seed);
  const ends: Record<string, number> = {};
  const prototypes = snapshotPrototypes();
  let sent = 0;
  let sessions = 0;
  let calls = 0;
  while (sent < frames) {
    const result = await fuzzSession(dice);
    sessions++;
    sent += result.frames;
    calls += result.calls;
    ends[result.end] = (ends[result.end] ?? 0) + 1;
    if (snapshotPrototypes() !== prototypes)
      throw new Error(`Session ${sessions} of seed ${seed} changed a prototype.`);
  }
  return { frames: sent, sessions, ends, calls };
}

interface SessionResult {
  readonly frames: number;
  readonly calls: number;
  readonly end: string;
}

interface Seen {
  calls: number;
  logBytes: number;
  ends: number;
  clean: boolean;
}

async function fuzzSession(dice: Dice): Promise<SessionResult> {
  const seen: Seen = { calls: 0, logBytes: 0, ends: 0, clean: false };
  const open = new Set<number>();
  const session = createHostSession({
    program: { code: "", limits, seed: "fuzz", now: 0, principal: "local" },
    listener: {
      call(call) {
        check(seen.ends === 0, "a call after the end");
        check(call.seq === ++seen.calls, "a call out of order");
        checkCall(call);
        open.add(call.seq);
        check(open.size <= limits.calls + limits.timers, "more calls without an answer than may be");
      },
      log(line: LogLine) {
        check(seen.ends === 0, "a log line after the end");
        seen.logBytes += line.text.length;
        check(seen.logBytes <= limits.logBytes + 100, "more console output than may be");
      },
    },
    send: (message) => void JSON.parse(message),
    onEnd(clean) {
      check(++seen.ends === 1, "a second end");
      seen.clean = clean;
    },
  });
  session.start();
  const frames = createFrameMaker(dice);
  let sent = 0;
  for (let turn = 0; turn < 40 && seen.ends === 0; turn++) {
    const message = frames.message(seen.calls);
    sent += message.frames;
    session.receive(message.bytes);
    if (message.broken)
      check(hasEnded(seen) && !seen.clean, `a broken message was accepted: ${message.bytes.toString()}`);
    for (const seq of open) {
      if (dice.chance(0.5)) continue;
      open.delete(seq);
      session.deliver({ seq, ok: true, value: { seq }, now: turn });
    }
  }
  const counted = seen.calls;
  for (let after = 0; after < 3 && hasEnded(seen); after++) session.receive(frames.message(seen.calls).bytes);
  check(seen.calls === counted, "a call after the end");
  session.end({ code: "run_cancelled", message: "the fuzzer moves on" });
  const outcome = await session.outcome;
  return { frames: sent, calls: counted, end: endOf(outcome) };
}

function hasEnded({ ends }: Seen): boolean {
  return ends > 0;
}

function endOf(outcome: GuestOutcome): string {
  return outcome.status === "completed" ? "completed" : outcome.error.code;
}

function checkCall(call: GuestCall): void {
  check(["tool", "builtin", "timer"].includes(call.kind), "a call of an unknown kind");
  check(call.path.every((step) => typeof step === "string") && call.path.length <= 16, "a path that is none");
  check(Array.isArray(call.args), "arguments that are no list");
  if (call.kind === "timer") check(typeof call.args[0] === "number", "a timer without a delay");
}

function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(`The bridge allowed ${what}.`);
}

/** Names on the prototypes that a parsed value could reach. */
function snapshotPrototypes(): string {
  return [Object, Array, Map, Set, Date, Function, String, Number, Promise]
    .map(({ prototype }) => Reflect.ownKeys(prototype).map(String).join())
    .join(";");
}

/** Mulberry32: small, and the same everywhere. */
function createDice(seed: number): Dice {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    below: (bound) => Math.floor(next() * bound),
    chance: (part) => next() < part,
    pick: (options) => {
      const picked = options[Math.floor(next() * options.length)];
      if (picked === undefined) throw new Error("nothing to pick from");
      return picked;
    },
  };
}
