/**
 * The help of a tool as a command: what it does and its flags, required ones first.
 */
import type { ToolFlag } from "./command-types.ts";
import { placeholder } from "./parse-flags.ts";

export interface CommandHelp {
  /** How it is called, without its flags. */
  readonly usage: string;
  readonly about: string;
  readonly effect: string;
  readonly flags: readonly ToolFlag[];
  /** Flags that every tool has, written out. */
  readonly further: readonly (readonly [flag: string, about: string])[];
}

export function commandHelp({ usage, about, effect, flags, further }: CommandHelp): string {
  const ordered = [...flags].sort((a, b) => Number(b.required === true) - Number(a.required === true));
  const required = ordered.filter((flag) => flag.required === true).map(toFlagText);
  const rows = [...ordered.map((flag) => [toFlagText(flag), toAbout(flag)] as const), ...further];
  const width = Math.min(34, Math.max(0, ...rows.map(([flag]) => flag.length)));
  return [
    ...(about === "" ? [] : [about, ""]),
    `Usage: ${[usage, ...required, ...(flags.length > required.length ? ["[flags]"] : [])].join(" ")}`,
    `Effect: ${effect}`,
    "",
    ...rows.map(([flag, text]) => `  ${flag.padEnd(width)}  ${text}`.trimEnd()),
    "",
  ].join("\n");
}

function toFlagText(flag: ToolFlag): string {
  const isSwitch = flag.kind === "boolean" && flag.list !== true;
  return isSwitch ? `--${flag.name}` : `--${flag.name} <${placeholder(flag)}>`;
}

function toAbout({ about = "", required, list }: ToolFlag): string {
  const notes = [...(required === true ? ["required"] : []), ...(list === true ? ["may be repeated"] : [])];
  return [about, notes.length === 0 ? "" : `(${notes.join(", ")})`].filter((part) => part !== "").join(" ");
}
