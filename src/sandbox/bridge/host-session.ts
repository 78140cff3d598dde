/**
 * The host's side of one session, for any engine: takes the guest's messages as hostile bytes, holds the rules
 * of order and the limits that need no look at the process, and settles the outcome. Moving bytes, watching
 * CPU and memory, and killing are the engine's.
 */
import type { ErrorCode } from "../../errors.ts";
import type {
  DeliverOptions,
  Delivery,
  GuestCall,
  GuestError,
  GuestListener,
  GuestOutcome,
  GuestProgram,
} from "../../spec/engine.ts";
import { BridgeViolation } from "./bridge-violation.ts";
import { createIdleWatch } from "./idle-watch.ts";
import { createLogBudget } from "./log-budget.ts";
import { parseGuestFrame } from "./parse-guest-frame.ts";
import {
  deliveryFrame,
  envelopeBytes,
  frameToMessages,
  maxUnanswered,
  startFrame,
  type GuestFrame,
} from "./protocol.ts";
import { SentDeliveries } from "./sent-deliveries.ts";
import { createWallClock } from "./wall-clock.ts";

export interface HostSessionOptions {
  readonly program: GuestProgram;
  readonly listener: GuestListener;
  /** Sends one message to the guest. */
  readonly send: (message: string) => void;
  /**
   * Called once, just before the outcome resolves. `clean`: the guest settled by itself and the process may
   * be used again once it answers; otherwise it must be killed.
   */
  readonly onEnd: (clean: boolean) => void;
}

export interface HostSession {
  readonly outcome: Promise<GuestOutcome>;
  /** The guest said something after its end, or broke the protocol: its process must not be used again. */
  readonly tainted: boolean;
  /** Sends the start frame, unless the session has ended; the clocks run from here. */
  readonly start: () => void;
  /** One message of the guest: frames separated by line feeds. Never throws. */
  readonly receive: (message: Buffer) => void;
  readonly deliver: (delivery: Delivery, options?: DeliverOptions) => void;
  /** False: what has been received is kept as bytes until it is true again. */
  readonly listen: (on: boolean) => void;
  readonly idle: () => Promise<{ readonly issued: number }>;
  /** See `EngineSession.unseen`. */
  readonly unseen: () => readonly number[];
  /** Ends the session from outside: a limit the engine watches, a death, a cancellation. */
  readonly end: (error: GuestError) => void;
  /** The program was not loaded or not begun; the process is none the worse for it. */
  readonly refuse: (error: GuestError) => void;
  /** The guest's bytes are no messages at all. */
  readonly violate: (reason: string) => void;
}

interface WaitingCall {
  readonly bytes: number;
  readonly pausesWall: boolean;
}

/** Bytes of arguments that may wait for an answer at once. */
const maxWaitingBytes = 256 * 2 ** 20;

/** Codes that a snippet's own error may carry without the host having delivered them. */
const guestCodes: ReadonlySet<ErrorCode> = new Set([
  "snippet_threw",
  "snippet_syntax",
  "value_unsupported",
  "value_too_large",
  "unsupported",
  "timer_limit",
  "call_limit",
  "tool_not_found",
]);

export function createHostSession(options: HostSessionOptions): HostSession {
  const { program, listener } = options;
  const { limits } = program;
  const { promise: outcome, resolve } = Promise.withResolvers<GuestOutcome>();
  const waiting = new Map<number, WaitingCall>();
  /** Answered before they were issued. */
  const ahead = new Set<number>();
  const deliveredCodes = new Set<ErrorCode>();
  const deliveries = new SentDeliveries();
  const logs = createLogBudget(limits.logBytes, (line) => listener.log(line));
  const unanswered = maxUnanswered(limits);
  let issued = 0;
  let timers = 0;
  let waitingBytes = 0;
  let awaitedCalls = 0;
  let ended = false;
  let tainted = false;
  let listening = true;
  /** Received while nobody listened. */
  let unheard: Buffer[] = [];
  let stopClocks = (): void => {};
  let wall = { pause(): void {}, resume(): void {} };

  const idleWatch = createIdleWatch({
    send: options.send,
    isQuiet: () => !ended && waiting.size === 0,
    issued: () => issued,
    onStuck: () => {
      const message = "The snippet waits for something that can no longer happen: no call is under way.";
      end({ code: "never_settled", message, hint: "Settle every promise that the snippet awaits." });
    },
  });

  function start(): void {
    if (ended) return;
    const clock = createWallClock(limits.wallMs, () => end(wallError(limits.wallMs)));
    const lifetime = setTimeout(() => end(lifetimeError(limits.lifetimeMs)), limits.lifetimeMs);
    wall = clock;
    stopClocks = () => {
      clock.stop();
      clearTimeout(lifetime);
    };
    const { argumentBytes, resultBytes, depth, logBytes, timers } = limits;
    const guestLimits = { argumentBytes, resultBytes, depth, logBytes, timers, unanswered };
    options.send(startFrame({ seed: program.seed, now: program.now, limits: guestLimits }));
    idleWatch.look();
  }

  function receive(message: Buffer): void {
    if (ended) {
      tainted = true;
      return;
    }
    if (!listening) return void unheard.push(message);
    try {
      readFrames(message);
    } catch (thrown) {
      if (!(thrown instanceof BridgeViolation)) throw thrown;
      violate(thrown.message);
    }
  }

  /** The result counts only once the rest of its message is known to be empty. */
  function readFrames(message: Buffer): void {
    let at = 0;
    do {
      const newline = message.indexOf(10, at);
      const stop = newline < 0 ? message.length : newline;
      const frame = parseGuestFrame(message.subarray(at, stop), limits);
      at = stop + 1;
      const last = frame.kind === "result" || frame.kind === "error";
      if (last && at <= message.length) throw new BridgeViolation("a frame follows the result");
      take(frame);
    } while (at <= message.length && isHearing());
    if (at <= message.length && isOpen()) unheard.unshift(message.subarray(at));
  }

  function listen(on: boolean): void {
    listening = on;
    while (isHearing()) {
      const next = unheard.shift();
      if (next === undefined) return;
      receive(next);
    }
  }

  function isHearing(): boolean {
    return !ended && listening;
  }

  function isOpen(): boolean {
    return !ended;
  }

  function take(frame: GuestFrame): void {
    switch (frame.kind) {
      case "call":
        return takeCall(frame.call, frame.bytes);
      case "log":
        return logs.take(frame.line);
      case "idle":
        if (frame.issued !== issued) throw new BridgeViolation("the guest miscounts its calls");
        if (!idleWatch.answer(frame.ping)) throw new BridgeViolation("an answer to no ping");
        return;
      case "result":
        deliveries.end(frame.released);
        return settle({ status: "completed", value: frame.value }, true);
      case "error":
        deliveries.end(frame.released);
        return settle({ status: "failed", error: ownError(frame.error) }, true);
    }
  }

  function takeCall(call: GuestCall, bytes: number): void {
    if (call.seq !== issued + 1) throw new BridgeViolation("a call is out of sequence");
    if (waiting.size >= unanswered) throw new BridgeViolation("too many calls without an answer");
    if (waitingBytes + bytes > maxWaitingBytes)
      throw new BridgeViolation("too many bytes of calls without an answer");
    const pausesWall = call.kind !== "timer";
    if (!pausesWall && ++timers > limits.timers) {
      end({ code: "timer_limit", message: `The snippet started more than ${limits.timers} timers.` });
      return;
    }
    issued = call.seq;
    if (ahead.delete(call.seq)) return listener.call(call);
    waiting.set(call.seq, { bytes, pausesWall });
    waitingBytes += bytes;
    if (pausesWall && awaitedCalls++ === 0) wall.pause();
    listener.call(call);
  }

  function deliver(delivery: Delivery, how: DeliverOptions = {}): void {
    const call = waiting.get(delivery.seq);
    const early = how.ahead === true && delivery.seq > issued && !ahead.has(delivery.seq);
    if (ended || (call === undefined && !early)) return;
    const messages = frameToMessages(deliveryFrame(delivery, limits));
    if (call === undefined) ahead.add(delivery.seq);
    else settleCall(delivery.seq, call);
    deliveries.sent(delivery.seq);
    if (!delivery.ok) deliveredCodes.add(delivery.error.code);
    const [only, ...others] = messages;
    if (how.more === true && only !== undefined && others.length === 0) options.send(`&${only}`);
    else messages.forEach(options.send);
    if (waiting.size === 0) idleWatch.look();
  }

  function settleCall(seq: number, { bytes, pausesWall }: WaitingCall): void {
    waiting.delete(seq);
    waitingBytes -= bytes;
    if (pausesWall && --awaitedCalls === 0) wall.resume();
  }

  /** What a guest claims of its own failure never poses as a verdict of the host. */
  function ownError(error: GuestError): GuestError {
    const known = guestCodes.has(error.code) || deliveredCodes.has(error.code);
    return known ? error : { ...error, code: "snippet_threw" };
  }

  function violate(reason: string): void {
    tainted = true;
    const message = `The sandbox broke the bridge protocol and was killed: ${reason}.`;
    end({ code: "bridge_violation", message });
  }

  function end(error: GuestError): void {
    settle({ status: "failed", error }, false);
  }

  function settle(result: GuestOutcome, clean: boolean): void {
    if (ended) return;
    ended = true;
    // What a guest said after its end it would not have said if it had kept to the protocol.
    if (unheard.length > 0) tainted = true;
    unheard = [];
    stopClocks();
    idleWatch.stop();
    logs.close();
    options.onEnd(clean);
    resolve(result);
  }

  return {
    outcome,
    get tainted() {
      return tainted;
    },
    start,
    receive,
    deliver,
    listen,
    idle: () => idleWatch.idle(),
    unseen: () => deliveries.unseen,
    end,
    refuse: (error) => settle({ status: "failed", error }, true),
    violate,
  };
}

function wallError(limit: number): GuestError {
  const message = `The snippet ran longer than ${limit} ms, waiting for tools not counted.`;
  return { code: "wall_limit", message, hint: "Do less in one run, or look for a loop that does not end." };
}

function lifetimeError(limit: number): GuestError {
  const message = `The run lasted longer than ${limit} ms, waiting for tools counted.`;
  return { code: "lifetime_limit", message, hint: "Split the work into several runs." };
}

/** Bytes of the largest message a guest with these limits may send. */
export function maxMessageBytes(limits: GuestProgram["limits"]): number {
  return Math.max(limits.argumentBytes, limits.resultBytes, limits.logBytes * 6) + 2 ** 20 + envelopeBytes;
}
