/**
 * The guest's side of a session, for any engine: receives the host's frames, runs the snippet once, and
 * answers. A convenience for the snippet, not a defence: the host believes none of it. The engine gives it a
 * way to send, the snippet's module, and one macrotask per message.
 */
import { encodeValue } from "../encode-value.ts";
import { mayHoldTags, reviveValue } from "../decode-value.ts";
import type { StartFrame } from "../protocol.ts";
import { createCalls, type Calls } from "./calls.ts";
import { createClock } from "./clock.ts";
import { createConsole } from "./console.ts";
import { describeThrown, encodeThrown } from "./describe-thrown.ts";
import { createOutbox } from "./outbox.ts";
import { createPathProxy } from "./path-proxy.ts";
import { createRandom } from "./random.ts";
import { replaceGlobals } from "./replace-globals.ts";
import { createStep } from "./step.ts";
import { createTimers } from "./timers.ts";
import { ToolError } from "./tool-error.ts";

export interface HarnessOptions {
  readonly send: (message: string) => void;
  /** Evaluates the snippet's module. */
  readonly importSnippet: () => Promise<{ readonly default?: unknown }>;
  /** Runs the task in a later macrotask, by the engine's own means: the snippet's timers are calls. */
  readonly macrotask: (task: () => void) => void;
}

export interface Harness {
  /** One message of the host. */
  readonly receive: (message: string) => void;
  /** A promise was rejected and nobody handles it. */
  readonly rejected: (reason: unknown) => void;
}

export function createHarness(options: HarnessOptions): Harness {
  const outbox = createOutbox(options.send);
  let parts = "";
  let calls: Calls | undefined;
  let report = (_prefix: string, _thrown: unknown): void => {};
  /** Pings that came before the snippet's first stretch of code has run; it is not idle but has not begun. */
  let early: number[] | undefined = [];

  function answerPing(ping: number): void {
    if (early === undefined) outbox.push(`["idle",${ping},${calls?.issued() ?? 0}]`);
    else early.push(ping);
  }

  function begun(): void {
    const pings = early ?? [];
    early = undefined;
    for (const ping of pings) answerPing(ping);
  }

  function receive(message: string): void {
    if (message.startsWith("+")) {
      parts += message.slice(1);
      return;
    }
    const text = parts + message;
    parts = "";
    const frame = JSON.parse(text);
    switch (frame[0]) {
      case "start":
        start(frame[1]);
        break;
      case "deliver":
        calls?.deliver(frame[1], frame[2], mayHoldTags(text) ? reviveValue(frame[3], Infinity) : frame[3]);
        break;
      case "fail":
        reviveValue(frame[3], Infinity);
        calls?.fail(frame[1], frame[2], frame[3]);
        break;
      default:
        answerPing(frame[1]);
    }
  }

  function start({ seed, now, limits }: StartFrame): void {
    const clock = createClock(now);
    const started = createCalls({ outbox, clock, limits });
    calls = started;
    const random = createRandom(seed);
    const timers = createTimers({
      limit: limits.timers,
      issue: (ms) => started.issue("timer", [], [ms]),
      onThrown: (thrown) => report("Uncaught", thrown),
    });
    const tools = createPathProxy("tools", (path, args) => started.issue("tool", path, args));
    const codemode = createPathProxy(
      "codemode",
      (path, args) => started.issue("builtin", path, args),
      createStep(),
    );
    const lines = createConsole({ limit: limits.logBytes, clock, push: outbox.push });
    report = lines.report;
    replaceGlobals({ clock, random, timers, values: { tools, codemode, ToolError, console: lines.console } });
    void run(limits.resultBytes, limits.depth);
  }

  async function run(bytes: number, depth: number): Promise<void> {
    try {
      const { default: program } = await options.importSnippet();
      if (typeof program !== "function")
        throw new TypeError("The snippet's module exports no default function.");
      const running: unknown = program();
      options.macrotask(begun);
      const value: unknown = await running;
      outbox.last(`["result",${encodeValue(value, { bytes, depth }, "the result")}]`);
    } catch (thrown) {
      outbox.last(`["error",${encodeThrown(describeThrown(thrown))}]`);
    }
  }

  return { receive, rejected: (reason) => report("Unhandled rejection:", reason) };
}
