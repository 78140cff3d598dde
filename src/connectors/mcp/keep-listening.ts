/**
 * Since 2026-07-28 a server tells of changes only on a stream that the client has opened. Keeps one open
 * for the list of tools, as long as the connection lasts; the changes arrive as notifications.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "@modelcontextprotocol/client";
import { backoffMs } from "./backoff.ts";

interface Listening {
  readonly signal: AbortSignal;
  /** Called when the stream was interrupted: a change may have been missed. */
  readonly missed: () => void;
}

const maxFailures = 8;
const healthyMs = 60_000;

/** Never rejects. Ends when the server does, or when it keeps refusing. */
export async function keepListening(client: Client, { signal, missed }: Listening): Promise<void> {
  let interrupted = false;
  for (let failures = 0; failures < maxFailures && !signal.aborted; failures += 1) {
    const began = Date.now();
    try {
      const subscription = await client.listen({ toolsListChanged: true }, { signal });
      if (interrupted) missed();
      interrupted = true;
      if ((await subscription.closed) !== "remote") return;
      if (Date.now() - began > healthyMs) failures = 0;
    } catch {
      // Counted below as one more failure.
    }
    await sleep(backoffMs(failures + 1, 30_000), undefined, { signal, ref: false }).catch(() => undefined);
  }
}
