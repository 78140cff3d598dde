/**
 * One call in whose middle the server may ask: only what the operator lets it ask, and when the call then fails, the
 * failure says that it was declined.
 */
import { CallError, gravestOf } from "../../call-error.ts";
import { CodemodeError, toCodemodeError } from "../../errors.ts";
import type { McpRelay } from "./mcp-source-options.ts";
import type { Relay } from "./relay-request.ts";

/** Five questions, each answered at the last moment. */
export const mostAskingMs = 1_200_000;

export class AskingCall {
  readonly given: { readonly relay?: Relay };
  #declined: CodemodeError | undefined;

  constructor(relay: Relay | undefined, allowed: McpRelay) {
    if (relay === undefined || (!allowed.elicitation && !allowed.sampling)) {
      this.given = {};
      return;
    }
    this.given = {
      relay: async (question) => {
        try {
          if (!allowed[question.kind])
            throw new CodemodeError(
              "relay_declined",
              `The configuration does not let this source ask a ${question.kind === "sampling" ? "model" : "person"}.`,
            );
          return await relay(question);
        } catch (thrown) {
          this.#declined = toCodemodeError(thrown);
          throw thrown;
        }
      },
    };
  }

  /** A tool that fails after it was declined has most likely failed because of it. */
  explain(error: CallError): CallError {
    if (error.code !== "tool_failed" || this.#declined === undefined) return error;
    const { message, hint } = this.#declined;
    return new CallError("relay_declined", `${message} The tool then failed: ${error.message}`, {
      cause: error,
      // It was at work on the call when it asked.
      outcome: gravestOf("failed", error.outcome),
      ...(hint === undefined ? {} : { hint }),
      data: error.data,
    });
  }
}
