/**
 * Gives the kept catalog a moment to be read before the first client is told what there is. A source that is
 * slow or dead never holds up an answer for longer than that.
 */
import type { Codemode } from "../../index.ts";

const patienceMs = 150;

export async function settledSoon(codemode: Codemode): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patienceMs);
  });
  await Promise.race([codemode.catalog().catch(() => undefined), patience]);
  clearTimeout(timer);
}
