/**
 * The modules that snippets may import, by specifier: the standard helpers, and what the operator lists.
 */
import type { Declarations } from "../spec/check.ts";
import { CodemodeError } from "../errors.ts";
import type { SnippetModule } from "../spec/modules.ts";
import { stdDeclarations } from "../typegen/std-declarations.ts";
import { stdFile, stdModule, stdSpecifier } from "./std-module.ts";

export interface ModuleLibrary {
  /** Specifier → file name in the engine. */
  readonly files: ReadonlyMap<string, string>;
  text(specifier: string): string;
  declarations(specifier: string): Declarations;
}

export function createModuleLibrary(listed: readonly SnippetModule[]): ModuleLibrary {
  const modules = new Map(listed.map((module) => [module.specifier, module]));
  const find = (specifier: string): SnippetModule => {
    const module = modules.get(specifier);
    if (module === undefined)
      throw new CodemodeError("internal", `There is no module ${JSON.stringify(specifier)}.`);
    return module;
  };
  return {
    files: new Map([
      ...listed.map(({ specifier }, at) => [specifier, `module-${at}.js`] as const),
      [stdSpecifier, stdFile],
    ]),
    text: (specifier) => (specifier === stdSpecifier ? stdModule() : find(specifier).code),
    declarations: (specifier) =>
      specifier === stdSpecifier ? stdDeclarations : find(specifier).declarations,
  };
}
