/**
 * Chooses the saved snippets that a program may come to call: those whose name stands in its text or in the text of
 * one it may call, and all of the workspace's where it calls one by a name that is made at run time. They have to be
 * at hand before the program starts, since nothing can be loaded into the sandbox later.
 */
import type { SavedSnippet } from "../../spec/workspace.ts";

/** Where any name may come up, no more than this is loaded. */
const mostSnippets = 100;
const mostChars = 2 ** 20;

/** Whether the text can call a saved snippet at all; asks nothing of the store otherwise. */
export function mayRunSaved(code: string): boolean {
  return /\brun\b/.test(code) && code.includes("codemode");
}

export function chooseSnippets(code: string, saved: readonly SavedSnippet[]): SavedSnippet[] {
  const chosen = new Map<string, SavedSnippet>();
  const waiting = [code];
  for (let text = waiting.pop(); text !== undefined; text = waiting.pop()) {
    if (!mayRunSaved(text)) continue;
    const anyName = /\brun\s*\(\s*(?!["'])/.test(text);
    for (const snippet of saved) {
      if (chosen.has(snippet.name) || !(anyName || text.includes(snippet.name))) continue;
      chosen.set(snippet.name, snippet);
      waiting.push(snippet.code);
    }
  }
  let chars = 0;
  return [...chosen.values()]
    .slice(0, mostSnippets)
    .filter(({ code: text }) => (chars += text.length) <= mostChars);
}
