/**
 * Ends the program in order on the first signal, at once on the second, and quietly when nobody reads its
 * output any more. A promise that some library rejects and forgets ends nothing.
 */
import { toPlainText } from "./terminal.ts";
import type { Terminal } from "./terminal.ts";

export interface Lifetime extends Disposable {
  readonly signal: AbortSignal;
  /** The exit code of a program that was interrupted at the keyboard, once it was. */
  readonly interrupted: number | undefined;
  /** While this is held the program ends in its own time: a run that is under way is ended in order. */
  readonly unhurried: () => Disposable;
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** 128 + SIGINT, as shells report it. */
const interruptedCode = 130;
/** Whoever presses Ctrl-C waits no longer than a second; what is still starting then is killed with the program. */
const hurryMs = 700;

export function createLifetime(terminal: Terminal): Lifetime {
  const controller = new AbortController();
  let interrupted: number | undefined;
  let held = 0;
  let due = false;
  const leave = (): void => {
    if (due && held === 0) process.exit(interruptedCode);
  };
  const onSignal = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(interruptedCode);
    if (name === "SIGINT") {
      interrupted = interruptedCode;
      setTimeout(() => {
        due = true;
        leave();
      }, hurryMs).unref();
    }
    controller.abort(new Error(`ended by ${name}`));
  };
  const onPipeError = (error: NodeJS.ErrnoException): void => {
    if (error.code === "EPIPE") controller.abort(error);
    else throw error;
  };
  const onRejection = (reason: unknown): void => {
    const text = reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
    terminal.err(`internal: a promise was rejected and nobody handled it: ${toPlainText(text)}\n`);
  };
  for (const name of signals) process.on(name, onSignal);
  process.on("unhandledRejection", onRejection);
  process.stdout.on("error", onPipeError);
  process.stderr.on("error", onPipeError);
  return {
    signal: controller.signal,
    get interrupted() {
      return interrupted;
    },
    unhurried: () => {
      held += 1;
      return {
        [Symbol.dispose]: () => {
          held -= 1;
          leave();
        },
      };
    },
    [Symbol.dispose]: () => {
      for (const name of signals) process.off(name, onSignal);
      process.off("unhandledRejection", onRejection);
    },
  };
}
