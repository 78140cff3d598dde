/**
 * One package as one ES module that imports nothing, or the reason why it cannot be one.
 */
import { isBuiltin } from "node:module";
import { resolve } from "node:path";
import { parse, type Node } from "acorn";
import { build, type BuildFailure, type Plugin } from "esbuild";
import { CodemodeError } from "../errors.ts";

export interface PackageBundle {
  readonly code: string;
  /** Absolute paths of the files in it. */
  readonly files: readonly string[];
}

const maxBytes = 2 * 2 ** 20;

/** Throws `module_invalid`. */
export async function bundlePackage(specifier: string, folder: string): Promise<PackageBundle> {
  const name = JSON.stringify(specifier);
  const withDefault = `export * from ${name};\nexport { default } from ${name};\n`;
  const bundled =
    (await tryBuild(withDefault, { specifier, folder }, true)) ??
    (await tryBuild(`export * from ${name};\n`, { specifier, folder }, false));
  if (bundled === undefined) throw invalid(specifier, "exports nothing that can be imported");
  if (Buffer.byteLength(bundled.code) > maxBytes)
    throw invalid(specifier, `is larger than ${maxBytes} bytes when bundled`);
  refuseLoading(specifier, bundled.code);
  return bundled;
}

/** `undefined` for a package without a default export, when that is permitted. */
async function tryBuild(
  contents: string,
  { specifier, folder }: { readonly specifier: string; readonly folder: string },
  mayLackDefault: boolean,
): Promise<PackageBundle | undefined> {
  try {
    const { outputFiles, metafile } = await build({
      stdin: { contents, resolveDir: folder, sourcefile: "codemode-module.js" },
      absWorkingDir: folder,
      bundle: true,
      write: false,
      metafile: true,
      format: "esm",
      platform: "neutral",
      mainFields: ["module", "main"],
      conditions: ["import", "module"],
      target: "es2022",
      charset: "ascii",
      legalComments: "none",
      logLevel: "silent",
      define: { "process.env.NODE_ENV": '"production"' },
      plugins: [pureCode],
    });
    const files = Object.keys(metafile.inputs)
      .filter((path) => path !== "codemode-module.js")
      .map((path) => resolve(folder, path));
    return { code: outputFiles[0]?.text ?? "", files };
  } catch (error) {
    const text = isFailure(error) ? (error.errors[0]?.text ?? "") : String(error);
    if (mayLackDefault && /^No matching export .* for import "default"$/.test(text)) return undefined;
    const missing = text === `Could not resolve "${specifier}"`;
    throw invalid(
      specifier,
      missing ? "is not installed beside the configuration" : `cannot be bundled: ${text}`,
      {
        hint: missing ? `Run npm install ${specifier} in ${folder}.` : undefined,
        cause: error,
      },
    );
  }
}

/** Refuses what is no pure code, as the error of the import that asks for it. */
const pureCode: Plugin = {
  name: "pure-code",
  setup(bundler) {
    bundler.onResolve({ filter: /.*/ }, ({ path, kind, importer }) => {
      const from = importer === "" ? "" : ` (in ${importer})`;
      if (isBuiltin(path)) return { errors: [{ text: `it uses ${path}, a module of Node.js${from}` }] };
      if (path.endsWith(".node")) return { errors: [{ text: `it loads the native addon ${path}${from}` }] };
      if (/^[a-z][a-z0-9+.-]+:/i.test(path) && kind !== "entry-point")
        return { errors: [{ text: `it imports ${path}, which would have to be fetched${from}` }] };
      return undefined;
    });
  },
};

/** What is left of imports after bundling would be loaded at run time, and there is nothing to load from. */
function refuseLoading(specifier: string, code: string): void {
  // The bundler's stand-in for a require that it could not follow; it is there only where it is used.
  if (code.includes(`Error('Dynamic require of "'`))
    throw invalid(specifier, "loads files at run time: it calls require with a name that it computes");
  const waiting: Node[] = [parse(code, { ecmaVersion: "latest", sourceType: "module" })];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.type === "ImportExpression" || node.type === "ImportDeclaration")
      throw invalid(specifier, "loads modules at run time");
    for (const field of Object.values(node))
      for (const child of Array.isArray(field) ? field : [field]) if (isNode(child)) waiting.push(child);
  }
}

function isNode(value: unknown): value is Node {
  return value !== null && typeof value === "object" && typeof Reflect.get(value, "type") === "string";
}

function isFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && "errors" in error && Array.isArray(error.errors);
}

function invalid(
  specifier: string,
  what: string,
  { hint, cause }: { readonly hint?: string | undefined; readonly cause?: unknown } = {},
): CodemodeError {
  return new CodemodeError("module_invalid", `The package ${specifier}, listed under modules, ${what}.`, {
    hint:
      hint ??
      "Only pure code can be given to snippets. Take it off the list, or offer what it does as a tool.",
    data: { module: specifier },
    ...(cause === undefined ? {} : { cause }),
  });
}
