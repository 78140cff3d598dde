/**
 * The text of `codemode/std` as one module for the engine, linked from `src/std` when it is first imported.
 */
import { linkGuest } from "../sandbox/bridge/link-guest.ts";

export const stdSpecifier = "codemode/std";
export const stdFile = "std.js";

let text: string | undefined;

export function stdModule(): string {
  return (text ??= linkGuest(new URL("../std/std", import.meta.url)));
}
