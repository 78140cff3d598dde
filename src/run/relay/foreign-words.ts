/**
 * Words of a source, made fit to stand beside the host's: nothing in them acts on a terminal, hides, or begins a line of
 * its own without being marked as quoted.
 */
import { showHidden } from "../../show-hidden.ts";

/** Every line begins with a bar; what is too long is cut, and says so. */
export function setOff(text: string, most: number): string {
  const kept = text.length > most ? `${text.slice(0, most)}… (${text.length - most} more characters)` : text;
  return showHidden(kept)
    .split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/)
    .map((line) => `| ${line}`)
    .join("\n");
}

export function toOneLine(text: string, most: number): string {
  const line = showHidden(text).replaceAll(/\s+/g, " ").trim();
  return line.length > most ? `${line.slice(0, most)}…` : line;
}
