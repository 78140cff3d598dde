/**
 * What a model sent as the text of one JavaScript function, for engines that are driven without a run around them.
 */
import { prepareSnippet } from "./run/prepare.ts";
import { defaultLimits } from "./spec/limits.ts";

const prefix = "export default ";

/**
 * `async () => { … }`, of a function body, an arrow, `export default`, a fenced block or an expression, types stripped.
 * Throws `snippet_too_large`, `snippet_empty` and `snippet_syntax`, with positions in the text as it came.
 */
export function snippetToFunction(code: string): string {
  return prepareSnippet(code, defaultLimits).javascript.slice(prefix.length);
}
