/**
 * Tells whoever runs a server that a run has begun to wait for a person, and with which command they answer it.
 */
import type { Codemode } from "../../spec/codemode.ts";
import { toPlainText } from "./terminal.ts";

const mostNamed = 5;
const kinds = { approval: "wants to call", in_doubt: "does not know of", input: "asks" } as const;

/** Goes on until it is disposed. */
export function announceWaiting(codemode: Codemode, print: (line: string) => void): Disposable {
  return codemode.onWaiting(({ runId, principal, asks }) => {
    const named = asks
      .slice(0, mostNamed)
      .map(
        ({ path, kind, count }) => `${kinds[kind]} ${toPlainText(path)}${count === 1 ? "" : ` ×${count}`}`,
      );
    const more = asks.length > mostNamed ? ` and ${asks.length - mostNamed} more` : "";
    const whose = principal === "local" ? "" : ` of ${toPlainText(principal)}`;
    print(
      `${runId}${whose} waits for a person: ${named.join(", ")}${more}. Answer with codemode approve ${runId} or codemode reject ${runId}.\n`,
    );
  });
}
