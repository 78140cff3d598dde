/**
 * Whether a guest asked again for what the record says, and in which words it is told when it did not.
 */
import { CodemodeError } from "../errors.ts";
import type { GuestCall } from "../spec/engine.ts";
import type { CallRow } from "../spec/journal.ts";
import { hashText, valueToText } from "./value-text.ts";

/** Errors and answers may nest a little deeper than the values in them. */
export const wrapping = 4;
const shownChars = 300;

/** A call as the journal names it. */
export function nameCall(
  { path, args }: GuestCall,
  depth: number,
): { readonly path: string; readonly args: string; readonly argsHash: string } {
  const text = valueToText([...args], { bytes: Infinity, depth: depth + wrapping }, "args");
  return { path: path.join("."), args: text, argsHash: hashText(text) };
}

export function isSameCall(call: GuestCall, recorded: CallRow, depth: number): boolean {
  const { path, argsHash } = nameCall(call, depth);
  return recorded.kind === call.kind && recorded.path === path && recorded.argsHash === argsHash;
}

/** The terminal error of a replay that does something else than its record. */
export function diverged(call: GuestCall, recorded: CallRow, depth: number): CodemodeError {
  const is = nameCall(call, depth);
  const before = `${recorded.kind} ${recorded.path}(${shorten(recorded.args)})`;
  const now = `${call.kind} ${is.path}(${shorten(is.args)})`;
  return divergence(`Call ${call.seq} of the replay differs from the record: ${before} then, ${now} now.`);
}

/** The same for a read that was made again, of whose answer the record has the hash. */
export function answeredOtherwise(
  call: GuestCall,
  hashes: { readonly before: string; readonly now: string },
  depth: number,
): CodemodeError {
  const { path, args } = nameCall(call, depth);
  return divergence(
    `Call ${call.seq} of the replay, ${path}(${shorten(args)}), was made again and answers otherwise: the SHA-256 of its answer was ${hashes.before} then, and is ${hashes.now} now.`,
  );
}

export function divergence(message: string): CodemodeError {
  return new CodemodeError("run_diverged", `${message} Nothing new was sent.`, {
    hint: "Start a new run; the record lists what this one has done.",
  });
}

/** The list of arguments without its brackets. */
function shorten(args: string): string {
  const text = args.slice(1, -1);
  return text.length > shownChars ? `${text.slice(0, shownChars)}…` : text;
}
