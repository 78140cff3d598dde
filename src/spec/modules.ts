/**
 * A module that snippets may import: pure code, bundled, with its types.
 */
import type { Declarations } from "./check.ts";

export interface SnippetModule {
  /** As it is imported: `lodash-es`. */
  readonly specifier: string;
  /** One ES module that imports nothing. */
  readonly code: string;
  /** An ambient declaration of the module. */
  readonly declarations: Declarations;
}
