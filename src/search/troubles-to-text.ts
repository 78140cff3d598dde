/**
 * Names the sources that are starting or down, so that a model does not take them for absent.
 */
import type { Catalog } from "../spec/tool.ts";

const mostNamed = 8;

/** `Not available now: github: down, set GITHUB_TOKEN; crm: starting.`, or nothing. Of one source only where one is given. */
export function troublesToText({ troubles = [] }: Pick<Catalog, "troubles">, source?: string): string {
  const found = troubles.filter(({ name }) => source === undefined || name === source);
  if (found.length === 0) return "";
  const named = found.slice(0, mostNamed).map(({ name, text }) => `${name}: ${text.replace(/\.$/, "")}`);
  const more = found.length > named.length ? `; ${found.length - named.length} more` : "";
  const again = found.some(({ state }) => state === "starting") ? " Ask again in a moment." : "";
  return `Not available now: ${named.join("; ")}${more}.${again}`;
}
