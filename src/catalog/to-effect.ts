/**
 * Decides what a tool counts as doing: the operator's word, then the source's where it is believed, then what the
 * operator says of tools that say nothing, which never makes less of what the source itself has said.
 */
import type { Effect, Tool, ToolDefinition } from "../spec/tool.ts";
import { findOverride, type SourceOverrides } from "./source-overrides.ts";

/** From what needs least care to what needs most. */
const strictness: readonly Effect[] = ["read", "write", "destructive"];

/** Whether `effect` asks for less care than `than`. */
export function isLaxer(effect: Effect, than: Effect): boolean {
  return strictness.indexOf(effect) < strictness.indexOf(than);
}

export function toEffect(
  definition: ToolDefinition,
  overrides: SourceOverrides,
): Pick<Tool, "effect" | "effectOrigin" | "stated"> {
  const stated = definition.stated ?? definition.effect;
  const said = stated === undefined ? {} : { stated };
  const configured = findOverride(overrides.effects, definition);
  if (configured !== undefined) return { effect: configured, effectOrigin: "config", ...said };
  if (definition.effect !== undefined) return { effect: definition.effect, effectOrigin: "source", ...said };
  const filled = findOverride(overrides.unstated, definition);
  if (filled === undefined || (stated !== undefined && isLaxer(filled, stated)))
    return { effect: stated === "destructive" ? stated : "write", effectOrigin: "default", ...said };
  return { effect: filled, effectOrigin: "unstated", ...said };
}
