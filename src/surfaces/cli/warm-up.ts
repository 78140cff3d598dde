/**
 * What a server does once it can answer: boots the sandbox and the type check, dials every source, and goes
 * on with runs that an earlier start left unfinished, and removes those past the retention. None of it may hold up, or end, the serving.
 */
import { setTimeout as delay } from "node:timers/promises";
import { toCodemodeError } from "../../errors.ts";
import { sandboxWarning } from "./sandbox-warning.ts";
import type { Session } from "./with-codemode.ts";

/** Clients that start their server ask at once; starting twenty programs beside that would make them wait. */
const quietMs = 500;
const pruneEveryMs = 3_600_000;
/** A host that was killed may hold its runs for half a minute yet. */
const recoverEveryMs = 30_000;

/** `tell`: what a person at the terminal should read, besides the log. */
export async function warmUp(
  { codemode, loaded, log }: Session,
  { signal, tell }: { readonly signal: AbortSignal; readonly tell: (text: string) => void },
): Promise<void> {
  const step = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    if (signal.aborted) return;
    try {
      await work();
    } catch (thrown) {
      const { code, message } = toCodemodeError(thrown);
      if (!signal.aborted) log.error({ code, reason: message }, `${what} failed`);
    }
  };
  await step("waiting", () => delay(quietMs, undefined, { signal, ref: false }));
  await step("booting the sandbox", async () => {
    const { engine, level, missing } = await codemode.engine();
    log.info({ engine, isolation: level, ...(missing.length === 0 ? {} : { missing }) }, "sandbox ready");
    const warning = sandboxWarning({ level, missing });
    if (warning !== undefined) tell(`${warning}\n`);
  });
  const recover = (): Promise<void> =>
    step("continuing unfinished runs", async () => {
      const runs = await codemode.recover();
      if (runs > 0) log.info({ runs }, "unfinished runs were continued");
    });
  const recovering = recover();
  const recoveringAgain = setInterval(() => void recover(), recoverEveryMs).unref();
  signal.addEventListener("abort", () => clearInterval(recoveringAgain), { once: true });
  const prune = (): Promise<void> =>
    step("removing old runs", async () => {
      const runs = await codemode.prune();
      if (runs > 0) log.info({ runs }, "runs past the retention were removed");
    });
  await prune();
  const pruning = setInterval(() => void prune(), pruneEveryMs).unref();
  signal.addEventListener("abort", () => clearInterval(pruning), { once: true });
  const check =
    loaded.config.check === "off" ? [] : [step("booting the type check", () => codemode.check("return 0"))];
  await Promise.all([
    recovering,
    step("dialling the sources", () => codemode.catalog({ fresh: true, signal })),
    ...check,
  ]);
}
