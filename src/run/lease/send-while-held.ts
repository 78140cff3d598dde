/**
 * A write leaves only from the host that holds the run. One that was stopped on its way (a source that starts, a
 * connection or a token that is waited for) is sent once the store has confirmed the lease, and by nobody otherwise.
 */
import { withOutcome } from "../../call-error.ts";
import type { Tool } from "../../spec/tool.ts";
import type { SendingRight } from "./hold-lease.ts";

/** `send` calls what it is given where the bytes leave. Throws `lease_lost` and `store_*` as not sent. */
export async function sendWhileHeld<T>(
  { effect }: Pick<Tool, "effect">,
  right: SendingRight,
  send: (leaving?: () => void) => Promise<T>,
): Promise<T> {
  if (effect === "read") return send();
  for (;;) {
    await right.confirm().catch((thrown: unknown) => {
      throw withOutcome(thrown, "not_sent");
    });
    let stayed = false;
    const leaving = (): void => {
      try {
        right.check();
      } catch (thrown) {
        stayed = true;
        throw thrown;
      }
    };
    try {
      return await send(leaving);
    } catch (thrown) {
      // However the source tells it: what was held back did not arrive as a whole.
      if (!stayed) throw thrown;
    }
  }
}
