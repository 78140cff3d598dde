/**
 * Ends the program in order on the first signal, at once on the second, and quietly when nobody reads its
 * output any more.
 */

export interface Lifetime extends Disposable {
  readonly signal: AbortSignal;
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** 128 + SIGINT, as shells report it. */
const interruptedCode = 130;

export function createLifetime(): Lifetime {
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(interruptedCode);
    controller.abort(new Error(`ended by ${name}`));
  };
  const onPipeError = (error: NodeJS.ErrnoException): void => {
    if (error.code === "EPIPE") controller.abort(error);
    else throw error;
  };
  for (const name of signals) process.on(name, onSignal);
  process.stdout.on("error", onPipeError);
  process.stderr.on("error", onPipeError);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      for (const name of signals) process.off(name, onSignal);
    },
  };
}
