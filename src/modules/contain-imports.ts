/**
 * Stands between the bundler and the host's files. The bundler resolves names by the rules of npm, and everything that
 * comes of it is looked at again here: only files of the package and of what it declares, by real path, of the kinds
 * that code is written in, are read, and they are read here. The bundler itself opens no source file.
 */
import { realpath } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { dirname, extname, isAbsolute, resolve } from "node:path";
import type {
  Loader,
  Message,
  OnLoadResult,
  OnResolveArgs,
  OnResolveResult,
  Plugin,
  PluginBuild,
} from "esbuild";
import {
  FileRefusal,
  findPackage,
  holds,
  type InstalledPackage,
  packageOf,
  readOwnFile,
} from "./installed-package.ts";

/** The kinds that code needs, by the ends of their names. */
const loaders: ReadonlyMap<string, Loader> = new Map([
  [".js", "js"],
  [".mjs", "js"],
  [".cjs", "js"],
  [".jsx", "jsx"],
  [".ts", "ts"],
  [".mts", "ts"],
  [".cts", "ts"],
  [".tsx", "tsx"],
  [".json", "json"],
]);

const noCode = `which is of a kind that is no code (${[...loaders.keys()].join(", ")} are)`;

export interface Containment {
  readonly plugin: Plugin;
  /** Every package that was let in, the first one included. */
  readonly packages: ReadonlyMap<string, InstalledPackage>;
  /** Why the bundler failed, in words that quote no file but the packages' own. */
  readonly explain: (error: Message | undefined) => Promise<string>;
}

/** Marks what is asked of the bundler's own resolver. */
const inner = Symbol("inner");

/** Lets in `first`, which the operator has listed, and from there what each package declares. */
export function containImports(first: InstalledPackage, folder: string): Containment {
  const packages = new Map([[first.root, first]]);
  const entry = resolve(folder, entryName);
  const explain: Containment["explain"] = async (error) => {
    const file = error?.location?.file;
    if (error === undefined || file === undefined || file === entryName) return error?.text ?? "";
    const real = await realpath(resolve(folder, file)).catch(() => undefined);
    const own = real !== undefined && [...packages.values()].some((each) => holds(each, real));
    return own ? error.text : `it reads ${file}, which leads out of the package`;
  };
  return {
    packages,
    explain,
    plugin: {
      name: "contain-imports",
      setup(bundler) {
        bundler.onResolve({ filter: /.*/ }, async (asked) => {
          if (asked.pluginData === inner) return undefined;
          const { importer, path } = asked;
          try {
            return await resolveImport(asked, { bundler, packages, first, entry, explain });
          } catch (thrown) {
            if (!(thrown instanceof FileRefusal)) throw thrown;
            const from = importer === entry ? "" : ` (in ${importer})`;
            return { errors: [{ text: `it imports ${path}${from}, ${thrown.message}` }] };
          }
        });
        bundler.onLoad({ filter: /.*/ }, ({ path, namespace }) => loadFile(path, namespace, packages));
      },
    },
  };
}

interface ImportPlace {
  readonly bundler: PluginBuild;
  readonly packages: Map<string, InstalledPackage>;
  readonly first: InstalledPackage;
  /** The path that the program has with which the bundler begins. */
  readonly entry: string;
  readonly explain: Containment["explain"];
}

/** Throws `FileRefusal`. */
async function resolveImport(asked: OnResolveArgs, place: ImportPlace): Promise<OnResolveResult> {
  const { path, kind, importer, resolveDir } = asked;
  const from = importer === place.entry ? "" : ` (in ${importer})`;
  const refuse = (text: string): OnResolveResult => ({ errors: [{ text }] });
  if (isBuiltin(path)) return refuse(`it uses ${path}, a module of Node.js${from}`);
  if (path.endsWith(".node")) return refuse(`it loads the native addon ${path}${from}`);
  if (isAbsolute(path)) throw new FileRefusal("which is an absolute path");
  if (/^[a-z][a-z0-9+.-]+:/i.test(path))
    return refuse(`it imports ${path}, which would have to be fetched${from}`);
  const asks = Object.entries(asked.with).filter(([key, value]) => key !== "type" || value !== "json");
  if (asks[0] !== undefined)
    throw new FileRefusal(`which asks for it with { ${asks[0][0]}: "${asks[0][1]}" }`);
  const may = await permitted(asked, place);
  const found = await place.bundler.resolve(path, { kind, importer, resolveDir, pluginData: inner });
  if (found.errors.length > 0) return refuse(await place.explain(found.errors[0]));
  const real = found.namespace === "file" ? await realpath(found.path).catch(() => undefined) : undefined;
  if (real === undefined) throw new FileRefusal("which is no file");
  const owner = may.find((each) => holds(each, real));
  if (owner === undefined) throw new FileRefusal("which leads out of the package and of what it declares");
  if (!loaders.has(extname(real))) throw new FileRefusal(noCode);
  if (asked.with["type"] === "json" && extname(real) !== ".json") throw new FileRefusal("which is no JSON");
  place.packages.set(owner.root, owner);
  return { path: real, namespace: "file", suffix: found.suffix, sideEffects: found.sideEffects };
}

/** The packages that may hold what an import names. */
async function permitted(
  { path, importer, resolveDir }: OnResolveArgs,
  { packages, first, entry }: ImportPlace,
): Promise<readonly InstalledPackage[]> {
  if (importer === entry) return [first];
  const own = [...packages.values()].find((each) => holds(each, importer));
  if (own === undefined) throw new FileRefusal("which is asked for by a file of no package");
  if (path.startsWith(".")) return [own];
  // A name of the package's own for something else (`imports` of package.json) may lead to a dependency.
  if (path.startsWith("#")) {
    const needed = await Promise.all(
      [...own.dependencies].map((name) => findPackage(name, dirname(own.file))),
    );
    return [own, ...needed.filter((each) => each !== undefined)];
  }
  const name = packageOf(path);
  if (name === undefined) throw new FileRefusal("which names no package");
  const installed = name === own.name ? own : await findPackage(name, resolveDir);
  if (name !== own.name && !own.dependencies.has(name))
    throw new FileRefusal(`which the package.json of ${own.name} does not declare`);
  if (installed === undefined) throw new FileRefusal("which is not installed");
  return [installed];
}

/** The name of the program that the bundler begins with. */
export const entryName = "codemode-module.js";

/** Whatever way a path came to the bundler (a pattern in an import, too), this is where it is read or is not. */
async function loadFile(
  path: string,
  namespace: string,
  packages: ReadonlyMap<string, InstalledPackage>,
): Promise<OnLoadResult> {
  const refuse = (why: string): OnLoadResult => ({ errors: [{ text: `it imports ${path}, ${why}` }] });
  const owner = [...packages.values()].find((each) => holds(each, path));
  if (namespace !== "file" || owner === undefined)
    return refuse("which leads out of the package and of what it declares");
  const loader = loaders.get(extname(path));
  if (loader === undefined) return refuse(noCode);
  try {
    const contents = await readOwnFile(path, owner.root);
    return contents === undefined
      ? refuse("which is no file")
      : { contents, loader, resolveDir: dirname(path) };
  } catch (thrown) {
    return refuse(thrown instanceof FileRefusal ? thrown.message : "which cannot be read");
  }
}
