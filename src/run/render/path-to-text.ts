/**
 * Names of calls as the text about a run has them: harmless, on one line, cut, and counted.
 */
import { showHidden } from "../../show-hidden.ts";
import { countToText } from "./count-to-text.ts";
import { withLabels } from "./label-bytes.ts";

export const mostPath = 120;

/** Text of strangers without what is hidden in it. */
export function clean(text: string): string {
  return showHidden(withLabels(text), { text: "prose" });
}

export function pathToText(path: string): string {
  return showHidden(path.length <= mostPath ? path : `${path.slice(0, mostPath)}…`).replaceAll("\n", " ");
}

/** `crm.list ×40, crm.get ×2 (1 failed)`. */
export function countPaths(calls: readonly { readonly path: string; readonly ok?: boolean }[]): string {
  const counts = new Map<string, { made: number; failed: number }>();
  for (const { path, ok = true } of calls) {
    const count = counts.get(path) ?? { made: 0, failed: 0 };
    counts.set(path, { made: count.made + 1, failed: count.failed + (ok ? 0 : 1) });
  }
  const each = [...counts].map(([path, { made, failed }]) => {
    const times = made === 1 ? "" : ` ×${countToText(made)}`;
    const bad = failed === 0 ? "" : failed === made ? " (failed)" : ` (${failed} failed)`;
    return `${pathToText(path)}${times}${bad}`;
  });
  return each.join(", ");
}
