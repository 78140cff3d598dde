/**
 * A saved snippet goes on being used only while the tools it needs are what they were when it was saved.
 */
import { CodemodeError } from "../../errors.ts";
import type { Catalog } from "../../spec/tool.ts";
import type { SnippetDraft } from "../../spec/workspace.ts";

/** Throws `saved_snippet_changed`, naming the tool. */
export function refuseChangedTools({ name, tools }: SnippetDraft, catalog: Catalog): void {
  for (const { path, hash } of tools) {
    const now = catalog.tools.get(path)?.hash;
    if (now === hash) continue;
    const what = now === undefined ? "is not there any more" : "has changed since it was saved";
    throw new CodemodeError(
      "saved_snippet_changed",
      `The saved snippet "${name}" needs tools.${path}, which ${what}.`,
      {
        hint: `Look at codemode.describe("${path}"), correct the snippet where needed, and have it saved again.`,
        data: { tool: path },
      },
    );
  }
}
