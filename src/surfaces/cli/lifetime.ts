/**
 * Ends the program in order on the first signal, at once on the second, and quietly when nobody reads its
 * output any more. A promise that some library rejects and forgets ends nothing.
 */
import { toPlainText } from "./terminal.ts";
import type { Terminal } from "./terminal.ts";

export interface Lifetime extends Disposable {
  readonly signal: AbortSignal;
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** 128 + SIGINT, as shells report it. */
const interruptedCode = 130;

export function createLifetime(terminal: Terminal): Lifetime {
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(interruptedCode);
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
    [Symbol.dispose]: () => {
      for (const name of signals) process.off(name, onSignal);
      process.off("unhandledRejection", onRejection);
    },
  };
}
