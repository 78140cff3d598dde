/**
 * Gives sources a moment before the first client is told what there is: a short one for the kept catalog to be read, a
 * longer one while nothing at all is known. A source that is slow or dead never holds up an answer for longer.
 */
import type { Codemode } from "../../index.ts";

const patienceMs = 150;
/** A client that has never been told of any tool does better with a short wait than with an empty answer. */
const coldPatienceMs = 2_000;

export async function settledSoon(codemode: Codemode): Promise<void> {
  const known = await codemode.catalog({ patienceMs }).catch(() => undefined);
  if (known?.tools.size === 0 && known.troubles?.some(({ state }) => state === "starting") === true)
    await codemode.catalog({ patienceMs: coldPatienceMs - patienceMs }).catch(() => undefined);
}
