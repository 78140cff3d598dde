/**
 * Saved snippets as the library offers them: programs kept under a name, with their versions, what they take and the
 * tools they need.
 */
import type { JsonSchema, Value } from "./value.ts";
import type { ListedSnippet, SavedSnippet } from "./workspace.ts";

export interface SnippetName {
  /** Letters, digits, `-` and `_`, beginning with a letter; at most 64. */
  readonly name: string;
  /** Default `local`. */
  readonly principal?: string;
}

export interface SaveRequest extends SnippetName {
  /** One line. Default: that of the version before. */
  readonly description?: string;
  /** What the input must be. Default: what the type of the function's first parameter says, or anything. */
  readonly input?: JsonSchema;
  /** The program, or `from`: the completed run that it is taken from. */
  readonly code?: string;
  readonly from?: string;
}

/** Every method throws `saved_snippet_not_found` for what the principal's workspace does not have. */
export interface SavedSnippets {
  /** Adds a version. Throws `saved_snippet_invalid`, `snippet_*`, `run_not_found`, `saved_snippet_changed`. */
  save(request: SaveRequest): Promise<SavedSnippet>;
  /** By name; proposals beside what is accepted. */
  list(request?: { readonly principal?: string }): Promise<readonly ListedSnippet[]>;
  /** The newest accepted version, or the one given; the proposal where nothing is accepted yet. */
  show(request: SnippetName & { readonly version?: number }): Promise<SavedSnippet>;
  /** Every version, its proposals and its statistics. */
  remove(request: SnippetName): Promise<void>;
  /** Makes the proposal that was looked at an accepted version, by its `hash`; one that was made since is not accepted. */
  accept(request: SnippetName & { readonly hash: string }): Promise<SavedSnippet>;
  /** Removes proposals and leaves what is accepted. */
  reject(request: SnippetName): Promise<void>;
  /** The program that runs it with an input, for `execute`. Throws `value_unsupported` for what is no JSON. */
  program(request: { readonly name: string; readonly input?: Value }): string;
  /** The snippet as a TypeScript file with a header. */
  exportFile(request: SnippetName): Promise<string>;
  /** Saves what a file says. Throws `saved_snippet_invalid` for a file without a usable header. */
  importFile(request: { readonly text: string; readonly principal?: string }): Promise<SavedSnippet>;
}

/** What becomes of `codemode.propose(…)`. */
export const proposePolicies = ["ask", "allow", "deny"] as const;
export type ProposePolicy = (typeof proposePolicies)[number];
