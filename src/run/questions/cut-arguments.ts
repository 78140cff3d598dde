/**
 * Bounds what is said of the arguments of one call: whole where they are short, else their beginning and their length. The
 * whole is one look away, by the number of the call.
 */
import { escapeHidden } from "../../show-hidden.ts";
import type { Json } from "../../spec/value.ts";

/** Characters of one call's arguments, as JSON, that are shown without being asked for. */
export const mostShownCharacters = 4_000;

export interface ShownArguments {
  /** Cut, the beginning of their JSON as text. */
  readonly args: Json;
  /** Present where they are cut: how many characters their JSON has. */
  readonly cut?: { readonly chars: number };
}

export function cutArguments(args: Json, most = mostShownCharacters): ShownArguments {
  const json = JSON.stringify(args);
  if (json.length <= most) return { args };
  return { args: escapeHidden(json.slice(0, most)), cut: { chars: json.length } };
}
