/**
 * Bounds what is said of the arguments of one call: whole where they are short, else their beginning and their length. The
 * whole is one look away, by the number of the call.
 */
import { printExact } from "../../json/print-exact.ts";
import { restoreIntegers } from "../../json/restore-integers.ts";
import { escapeHidden } from "../../show-hidden.ts";
import type { Json } from "../../spec/value.ts";
import type { NumberMarks } from "../value-to-view.ts";

/** Characters of one call's arguments, as JSON, that are shown without being asked for. */
export const mostShownCharacters = 4_000;

export interface ShownArguments extends NumberMarks {
  /** Cut, the beginning of their JSON as text. */
  readonly args: Json;
  /** Present where they are cut: how many characters their JSON has. */
  readonly cut?: { readonly chars: number };
}

export function cutArguments(
  whole: { readonly args: Json } & NumberMarks,
  most = mostShownCharacters,
): ShownArguments {
  const json = printExact(restoreIntegers(whole.args, whole.exact)) ?? "";
  if (json.length <= most) return whole;
  return { args: escapeHidden(json.slice(0, most)), cut: { chars: json.length } };
}
