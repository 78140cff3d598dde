/**
 * Knows when a guest has handled everything it was sent: messages are handled in order, one macrotask each,
 * so the answer to a ping means that what was sent before it is done, microtasks included. Also notices a
 * guest that can never go on: nothing under way, nothing to wait for, no result.
 */
import { pingFrame } from "./protocol.ts";

export interface IdleWatchOptions {
  readonly send: (message: string) => void;
  /** No call is without an answer and the session goes on. */
  readonly isQuiet: () => boolean;
  /** Calls issued so far. */
  readonly issued: () => number;
  readonly onStuck: () => void;
}

export interface IdleWatch {
  /** The session may have become quiet: nothing is without an answer now. */
  readonly look: () => void;
  /** Resolves at the answer to a ping sent now. */
  readonly idle: () => Promise<{ readonly issued: number }>;
  /** An idle frame arrived; false when it answers no ping. */
  readonly answer: (ping: number) => boolean;
  readonly stop: () => void;
}

/** Milliseconds a session may be quiet before it is asked; an answering guest goes on within microseconds. */
const patience = 20;

export function createIdleWatch(options: IdleWatchOptions): IdleWatch {
  const asked: (() => void)[] = [];
  let sent = 0;
  let answered = 0;
  let looks = 0;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  function ping(onAnswer: () => void): void {
    asked.push(onAnswer);
    options.send(pingFrame(++sent));
  }

  /** Quiet at both ends of a ping is not enough: a call may have come and been answered in between. */
  function ask(): void {
    timer = undefined;
    if (!options.isQuiet()) return;
    const looksBefore = looks;
    ping(() => {
      if (looks === looksBefore && options.isQuiet()) options.onStuck();
    });
  }

  return {
    look() {
      looks++;
      if (!stopped) timer ??= setTimeout(ask, patience);
    },
    idle() {
      if (stopped) return Promise.resolve({ issued: options.issued() });
      return new Promise((resolve) => ping(() => resolve({ issued: options.issued() })));
    },
    answer(ping) {
      if (ping !== answered + 1 || ping > sent) return false;
      answered = ping;
      asked.shift()?.();
      return true;
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      for (const onAnswer of asked.splice(0)) onAnswer();
    },
  };
}
