/**
 * What stands under `codemode` in every snippet, and so can be no tool's name where tools stand there too. A test
 * compares it with what snippets are checked against.
 */
export const builtinNames: ReadonlySet<string> = new Set([
  "search",
  "describe",
  "step",
  "confirm",
  "input",
  "ask",
  "resources",
  "prompts",
  "state",
  "run",
  "propose",
]);
