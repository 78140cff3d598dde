/**
 * Saved snippets on a terminal.
 */
import type { ListedSnippet, SavedSnippet } from "../../spec/workspace.ts";
import { toPlainText } from "./terminal.ts";
import type { Terminal } from "./terminal.ts";

/** One line each; a proposal says what to do about it. */
export function showSnippetList(snippets: readonly ListedSnippet[], terminal: Terminal): void {
  for (const { name, version, description, status, use, hash } of snippets) {
    const runs =
      use.runs === 0
        ? "never run"
        : `${use.completed} of ${use.runs} ${use.runs === 1 ? "run" : "runs"} completed`;
    const state =
      status === "proposed"
        ? `proposed ${hash.slice(0, 12)}: codemode snippets accept ${name}, or reject ${name}`
        : runs;
    terminal.out(
      `${terminal.styleOut("bold", name)} v${version} ${terminal.styleOut("gray", state)}\n  ${toPlainText(description)}\n`,
    );
  }
}

/** Everything about one, the code last. */
export function showSnippet(snippet: SavedSnippet, terminal: Terminal, where: "out" | "err" = "out"): void {
  const { name, version, status, description, input, tools, code } = snippet;
  const print = (text: string): void => terminal[where](text);
  print(`${terminal.styleOut("bold", name)} v${version}${status === "proposed" ? " proposed" : ""}\n`);
  print(`${toPlainText(description)}\n`);
  if (input !== undefined) print(`Input: ${toPlainText(JSON.stringify(input))}\n`);
  if (tools.length > 0) print(`Needs: ${tools.map(({ path }) => path).join(", ")}\n`);
  print(`\n${toPlainText(code)}\n`);
}
