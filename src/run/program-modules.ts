/**
 * Puts a session's program together: the prepared snippet, the saved snippets it may call, and every module that one
 * of them imports, each once.
 */
import type { Declarations } from "../spec/check.ts";
import type { GuestProgram } from "../spec/engine.ts";
import type { Limits } from "../spec/limits.ts";
import type { SavedSnippet } from "../spec/workspace.ts";
import type { ModuleLibrary } from "./module-library.ts";
import { prepareSnippet, type PreparedSnippet } from "./prepare.ts";

export interface ProgramParts {
  readonly prepared: PreparedSnippet;
  readonly modules: NonNullable<GuestProgram["modules"]>;
  /** Of the modules that the snippet itself imports. */
  readonly declarations: readonly Declarations[];
}

export interface ProgramOptions {
  readonly limits: Pick<Limits, "snippetBytes">;
  readonly library: ModuleLibrary;
  readonly saved: readonly SavedSnippet[];
  /** Version of the replay rules that the run was begun with. */
  readonly rules: number | undefined;
}

/** What the harness finds saved snippets by: name → function. */
const savedFile = "saved.js";
const savedHeader = `import $saved from "${savedFile}";export { $saved };`;

/** Throws what `prepareSnippet` throws; of a saved snippet as well. */
export function toProgram(code: string, { limits, library, saved, rules }: ProgramOptions): ProgramParts {
  const header = saved.length === 0 ? "" : savedHeader;
  const prepared = prepareSnippet(code, limits, { files: library.files, header, rules });
  const imported = new Set(prepared.imported);
  const modules: Record<string, string> = {};
  const entries: string[] = [];
  for (const [at, snippet] of saved.entries()) {
    const { javascript, imported: more } = prepareSnippet(snippet.code, limits, {
      files: library.files,
      form: "saved",
      rules,
    });
    for (const specifier of more) imported.add(specifier);
    modules[`saved-${at}.js`] = javascript;
    entries.push(`[${JSON.stringify(snippet.name)}, f${at}]`);
  }
  if (saved.length > 0) {
    const imports = saved.map((_, at) => `import f${at} from "saved-${at}.js";`);
    modules[savedFile] = `${imports.join("")}export default new Map([${entries.join(", ")}]);`;
  }
  for (const specifier of imported) {
    const file = library.files.get(specifier);
    if (file !== undefined) modules[file] = library.text(specifier);
  }
  return { prepared, modules, declarations: prepared.imported.map((each) => library.declarations(each)) };
}
