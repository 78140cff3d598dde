/**
 * Gives one tool call its deadline, whether or not the source keeps it, and the run's cancelling.
 */
import { CodemodeError } from "../errors.ts";
import type { Tool } from "../spec/tool.ts";

export interface Deadline {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/** Sends nothing when the run has ended already. Rejects with `source_timeout` or `run_cancelled` as soon as either is due; the call itself is aborted. */
export async function callWithDeadline<T>(
  tool: Tool,
  { signal, timeoutMs }: Deadline,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (signal.aborted)
    throw new CodemodeError("run_cancelled", `The run ended before tools.${tool.path} was called.`, {
      data: { sent: false },
    });
  const abort = new AbortController();
  const given = Promise.withResolvers<never>();
  const giveUp = (error: CodemodeError): void => {
    given.reject(error);
    abort.abort(error);
  };
  const cancel = (): void =>
    giveUp(new CodemodeError("run_cancelled", `The run ended before tools.${tool.path} answered.`));
  const timer = setTimeout(() => {
    giveUp(
      new CodemodeError("source_timeout", `tools.${tool.path} did not answer within ${timeoutMs} ms.`, {
        hint: "Ask for less at once, or try again later.",
      }),
    );
  }, timeoutMs);
  signal.addEventListener("abort", cancel, { once: true });
  try {
    const work = call(abort.signal);
    work.catch(() => undefined);
    return await Promise.race([given.promise, work]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", cancel);
    given.promise.catch(() => undefined);
  }
}
