/**
 * What an answer needs where the configuration asks for a code: its hash, where attempts are noted, and the
 * person at the terminal. Asked once in a command; never taken from the command line or the environment.
 */
import { join } from "node:path";
import type { PinOptions } from "../../run/approval-pin.ts";
import type { LoadedConfig } from "./config/load-config.ts";
import type { Terminal } from "./terminal.ts";

/** Nothing where no code is configured. */
export function toPinOptions(
  { config, folders }: LoadedConfig,
  { readHidden }: Pick<Terminal, "readHidden">,
): PinOptions | undefined {
  const hash = config.approvals?.pin;
  if (hash === undefined) return undefined;
  let typed: Promise<string> | undefined;
  return {
    hash,
    attemptsFile: join(folders.state, "pin-attempts"),
    ...(readHidden === undefined
      ? {}
      : { ask: () => (typed ??= readHidden("The code that only you have: ")) }),
  };
}
