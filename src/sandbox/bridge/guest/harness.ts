/**
 * The guest's side of a session, for any engine: receives the host's frames, runs the snippet once, and
 * answers. A convenience for the snippet, not a defence: the host believes none of it. The engine gives it a
 * way to send, the snippet's module, and one macrotask per message.
 */
import { encodeValue } from "../encode-value.ts";
import { mayHoldTags, reviveValue } from "../decode-value.ts";
import type { StartFrame } from "../protocol.ts";
import { createCalls, type Calls } from "./calls.ts";
import { createClock, createDate, createPerformance, patchIntl } from "./clock.ts";
import { createConsole } from "./console.ts";
import { encodeThrown } from "./describe-thrown.ts";
import { createOutbox } from "./outbox.ts";
import { createPathProxy } from "./path-proxy.ts";
import { createRandom } from "./random.ts";
import { createRefusal, replaceGlobals } from "./replace-globals.ts";
import { createRun } from "./run.ts";
import { createStep } from "./step.ts";
import { createTimers } from "./timers.ts";
import { ToolError } from "./tool-error.ts";
import { createCrypto, patchAbortSignal, patchBlob } from "./web-apis.ts";

export interface HarnessOptions {
  readonly send: (message: string) => void;
  /** Evaluates the snippet's module. */
  readonly importSnippet: () => Promise<{ readonly default?: unknown; readonly $saved?: unknown }>;
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
  /** Saved snippets that came with the program, by name. */
  let saved: unknown;
  let report = (_prefix: string, _thrown: unknown): void => {};
  /** Pings that came before the snippet's first stretch of code has run; it is not idle but has not begun. */
  let early: number[] | undefined = [];

  function answerPing(ping: number): void {
    if (early === undefined) outbox.push(`["idle",${ping},${calls?.issued() ?? 0}]`);
    else early.push(ping);
  }

  /** The snippet has run up to its first `await`; what is to be done before the next macrotask is not. */
  function begin(): void {
    if (early?.length === 0) early = undefined;
    else options.macrotask(answerEarly);
  }

  /** Those that came meanwhile as well, so that answers keep the order of the pings. */
  function answerEarly(): void {
    const pings = early ?? [];
    early = undefined;
    pings.forEach(answerPing);
  }

  function receive(message: string): void {
    if (message.startsWith("+")) {
      parts += message.slice(1);
      return;
    }
    const more = message.startsWith("&");
    outbox.hold(more);
    const text = parts + (more ? message.slice(1) : message);
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
    calls = createCalls({ outbox, clock, limits });
    const { issue } = calls;
    const lines = once(() => createConsole({ limit: limits.logBytes, clock, push: outbox.push }));
    report = (prefix, thrown) => lines().report(prefix, thrown);
    const random = once(() => createRandom(seed));
    const timers = once(() =>
      createTimers({
        limit: limits.timers,
        issue: (ms) => issue("timer", [], [ms]),
        onThrown: (thrown) => report("Uncaught", thrown),
      }),
    );
    Math.random = () => random().random();
    replaceGlobals({
      tools: () => createPathProxy("tools", (path, args, below) => issue("tool", path, args, below)),
      codemode: () =>
        createPathProxy(
          "codemode",
          (path, args, below) => issue("builtin", path, args, below),
          new Map([...createStep(), ...createRun(issue, () => saved)]),
        ),
      console: () => lines().console,
      ToolError: () => ToolError,
      Date: (native) => createDate(clock, native as DateConstructor),
      Intl: (native) => patchIntl(clock, native as typeof Intl),
      performance: () => createPerformance(clock),
      crypto: (native) => createCrypto(random(), native as Crypto | undefined),
      setTimeout: () => timers().setTimeout,
      clearTimeout: () => timers().clearTimeout,
      setInterval: () => timers().setInterval,
      clearInterval: () => timers().clearInterval,
      AbortSignal: (native) => native && patchAbortSignal(timers(), native as typeof AbortSignal),
      Blob: (native) => native && patchBlob(native as typeof Blob),
      $mport: () => async () => createRefusal("import()", "Remove it: snippets cannot load modules.")(),
      self: () => globalThis,
    });
    void run(limits.resultBytes, limits.depth);
  }

  async function run(bytes: number, depth: number): Promise<void> {
    try {
      const { default: program, $saved } = await options.importSnippet();
      saved = $saved;
      if (typeof program !== "function")
        throw new TypeError("The snippet's module exports no default function.");
      const running: unknown = program();
      begin();
      const value: unknown = await running;
      outbox.last(
        `["result",${encodeValue(value, { bytes, depth }, "the result")},${calls?.released() ?? 0}]`,
      );
    } catch (thrown) {
      outbox.last(`["error",${encodeThrown(thrown)},${calls?.released() ?? 0}]`);
    }
  }

  return { receive, rejected: (reason) => report("Unhandled rejection:", reason) };
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
