/**
 * How long sources are waited for: until they have answered, until whoever waits gives up, and never beyond a bound.
 */
import { CodemodeError } from "../errors.ts";

/** Of work that never rejects. */
async function isDoneWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Until all are done, or for so long. */
export async function withinPatience(
  waits: readonly Promise<void>[],
  patienceMs: number | undefined,
): Promise<unknown> {
  const all = Promise.all(waits);
  return patienceMs === undefined ? all : isDoneWithin(all, patienceMs);
}

export function tooSlow(source: string, startMs: number): CodemodeError {
  return new CodemodeError("source_timeout", `"${source}" did not answer within ${startMs} ms.`, {
    hint: `It is still waited for. Where it needs longer to start, raise sources.${source}.startMs.`,
  });
}

/** Rejects with the reason of the signal when it aborts first. */
export async function untilAborted(work: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return void (await work);
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason as Error);
  signal.addEventListener("abort", abort, { once: true });
  try {
    await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
