/**
 * One package as one ES module that imports nothing, or the reason why it cannot be one.
 */
import { resolve } from "node:path";
import { parse, type Node } from "acorn";
import { build, type BuildFailure } from "esbuild";
import { shieldLibrary } from "../child-process/start-process.ts";
import { containImports, entryName } from "./contain-imports.ts";
import { FileRefusal, findPackage, type InstalledPackage, packageOf } from "./installed-package.ts";
import { moduleInvalid } from "./module-invalid.ts";

export interface PackageBundle {
  readonly code: string;
  /** Absolute paths of the files in it. */
  readonly files: readonly string[];
}

const maxBytes = 2 * 2 ** 20;

/** Throws `module_invalid`. */
export async function bundlePackage(specifier: string, folder: string): Promise<PackageBundle> {
  const first = await findListed(specifier, folder);
  const name = JSON.stringify(specifier);
  const place = { specifier, folder, first };
  const withDefault = `export * from ${name};\nexport { default } from ${name};\n`;
  const bundled =
    (await tryBuild(withDefault, place, true)) ?? (await tryBuild(`export * from ${name};\n`, place, false));
  if (bundled === undefined) throw moduleInvalid(specifier, "exports nothing that can be imported");
  if (Buffer.byteLength(bundled.code) > maxBytes)
    throw moduleInvalid(specifier, `is larger than ${maxBytes} bytes when bundled`);
  refuseLoading(specifier, bundled.code);
  return bundled;
}

interface BundlePlace {
  readonly specifier: string;
  readonly folder: string;
  readonly first: InstalledPackage;
}

/** The package that the operator has listed. */
async function findListed(specifier: string, folder: string): Promise<InstalledPackage> {
  const name = packageOf(specifier);
  if (name === undefined) throw moduleInvalid(specifier, "is not the name of a package");
  try {
    const found = await findPackage(name, folder);
    if (found !== undefined) return found;
  } catch (thrown) {
    if (!(thrown instanceof FileRefusal)) throw thrown;
    throw moduleInvalid(specifier, `cannot be bundled: its package.json, ${thrown.message}`);
  }
  throw moduleInvalid(specifier, "is not installed beside the configuration", {
    hint: `Run npm install ${name} in ${folder}.`,
  });
}

/** `undefined` for a package without a default export, when that is permitted. */
async function tryBuild(
  contents: string,
  { specifier, folder, first }: BundlePlace,
  mayLackDefault: boolean,
): Promise<PackageBundle | undefined> {
  const { plugin, packages, explain } = containImports(first, folder);
  try {
    const { outputFiles, metafile } = await shieldLibrary(() =>
      build({
        stdin: { contents, resolveDir: folder, sourcefile: entryName },
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
        // Neither a tsconfig.json, which may name files to read, nor a folder of the environment has a say.
        tsconfigRaw: "{}",
        nodePaths: [],
        plugins: [plugin],
      }),
    );
    const sources = Object.keys(metafile.inputs)
      .filter((path) => path !== entryName)
      .map((path) => resolve(folder, path));
    const manifests = [...packages.values()].map(({ file }) => file);
    return { code: outputFiles[0]?.text ?? "", files: [...sources, ...manifests] };
  } catch (error) {
    const text = isFailure(error) ? await explain(error.errors[0]) : String(error);
    if (mayLackDefault && /^No matching export .* for import "default"$/.test(text)) return undefined;
    throw moduleInvalid(specifier, `cannot be bundled: ${text}`);
  }
}

/** What is left of imports after bundling would be loaded at run time, and there is nothing to load from. */
function refuseLoading(specifier: string, code: string): void {
  // The bundler's stand-in for a require that it could not follow; it is there only where it is used.
  if (code.includes(`Error('Dynamic require of "'`))
    throw moduleInvalid(specifier, "loads files at run time: it calls require with a name that it computes");
  const waiting: Node[] = [parse(code, { ecmaVersion: "latest", sourceType: "module" })];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.type === "ImportExpression" || node.type === "ImportDeclaration")
      throw moduleInvalid(specifier, "loads modules at run time");
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
