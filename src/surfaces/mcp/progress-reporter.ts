/**
 * Tells an MCP client how a run goes on: one notification per turn of events at most so often, and a sign of
 * life when nothing happens, so that a client that extends its deadline on progress does not give up.
 */
import type { ServerContext } from "@modelcontextprotocol/server";
import type { RunEvent } from "../../index.ts";
import { showHidden } from "../../show-hidden.ts";

export interface ProgressReporter extends Disposable {
  readonly event: (event: RunEvent) => void;
}

const shortestPauseMs = 200;
const signOfLifeMs = 5_000;
const mostLogged = 200;

/** Does nothing for a client that gave no progress token. */
export function createProgressReporter(context: ServerContext): ProgressReporter {
  const token = context.mcpReq._meta?.progressToken;
  if (token === undefined) return { event: () => {}, [Symbol.dispose]: () => {} };
  const started = Date.now();
  let step = 0;
  let issued = 0;
  let settled = 0;
  let current = "running";
  let logged = "";
  let timer: NodeJS.Timeout | undefined;
  let lastSent = -Infinity;

  function send(): void {
    lastSent = Date.now();
    step += 1;
    const seconds = Math.round((lastSent - started) / 1_000);
    const done = issued === 0 ? `${current}, ${seconds} s` : `${settled} of ${issued} calls done; ${current}`;
    const message = logged === "" ? done : `${done}; logged: ${logged}`;
    const notified = context.mcpReq.notify({
      method: "notifications/progress",
      params: { progressToken: token, progress: step, message },
    });
    // A client that has gone cannot be told; the run itself learns of it by its signal.
    notified.catch(() => {});
    schedule(signOfLifeMs);
  }

  function schedule(delay: number): void {
    clearTimeout(timer);
    timer = setTimeout(send, delay);
  }

  schedule(signOfLifeMs);
  return {
    event: (event) => {
      if (event.type === "call") {
        issued += 1;
        current = `calling ${event.path}`;
      } else if (event.type === "outcome") {
        settled += 1;
        current = `${event.path} ${event.ok ? "answered" : "failed"}`;
      } else if (event.type === "progress") {
        current = `${event.path}: ${event.message ?? event.done}`;
      } else if (event.type === "log") {
        logged = showHidden(event.text.slice(0, mostLogged).replaceAll(/\s+/g, " "));
      } else return;
      schedule(Math.max(0, lastSent + shortestPauseMs - Date.now()));
    },
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}
