/**
 * The modules that snippets may import, by specifier: the standard helpers, and what the operator lists.
 */
import type { Declarations } from "../spec/check.ts";
import { CodemodeError } from "../errors.ts";
import type { Engine } from "../spec/engine.ts";
import type { SnippetModule } from "../spec/modules.ts";
import { stdDeclarations } from "../typegen/std-declarations.ts";
import { stdFile, stdModule, stdSpecifier } from "./std-module.ts";
import { hashText } from "./value-text.ts";

export interface ModuleLibrary {
  /** Specifier → file name in the engine. */
  readonly files: ReadonlyMap<string, string>;
  text(specifier: string): string;
  declarations(specifier: string): Declarations;
}

/**
 * The engine, its build named together with the modules: a run resumes only with the modules that it was begun with,
 * as it does only on the engine that began it.
 */
export function pinModules(engine: Engine, listed: readonly SnippetModule[]): Engine {
  if (listed.length === 0) return engine;
  const hash = hashText(JSON.stringify(listed.map(({ specifier, code }) => [specifier, code]))).slice(0, 16);
  return {
    name: engine.name,
    ready: async () => {
      const report = await engine.ready();
      return { ...report, build: `${report.build}, modules ${hash}` };
    },
    start: (program, listener, options) => engine.start(program, listener, options),
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  };
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
