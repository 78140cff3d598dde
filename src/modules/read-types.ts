/**
 * The types of a package as ambient modules, one for each of its declaration files, so that the checker needs no file
 * system: relative imports between them become names. What they take from other packages is `any`.
 */
import { dirname, join, relative } from "node:path";
import { existingDeclaration, findTypes, readDeclaration } from "./find-types.ts";
import { FileRefusal } from "./installed-package.ts";
import { moduleInvalid } from "./module-invalid.ts";

export interface PackageTypes {
  readonly text: string;
  /** Absolute paths of the files read. */
  readonly files: readonly string[];
}

/** More than this costs the checker too much; the module is then `any`. */
const maxFiles = 400;
const maxChars = 3 * 2 ** 20;

const relativeSpecifier =
  /(\bfrom\s*|\bimport\s*\(\s*|\bimport\s+|\brequire\s*\(\s*)(["'])(\.{1,2}(?:\/[^"'\n]*)?)\2/g;

/** Throws `module_invalid` where its types lead out of the package. */
export async function readTypes(specifier: string, folder: string): Promise<PackageTypes> {
  try {
    return await readAll(specifier, folder);
  } catch (thrown) {
    if (thrown instanceof FileRefusal) throw moduleInvalid(specifier, `cannot be used: ${thrown.message}`);
    throw thrown;
  }
}

async function readAll(specifier: string, folder: string): Promise<PackageTypes> {
  const anything = { text: `declare module ${JSON.stringify(specifier)};\n`, files: [] };
  const found = await findTypes(specifier, folder);
  if (found === undefined) return anything;
  const { file: entry, owner } = found;
  const nameOf = (file: string): string =>
    file === entry ? specifier : `${specifier}/~/${relative(dirname(entry), file).replaceAll("\\", "/")}`;
  const texts = new Map<string, string>();
  const waiting = [entry];
  let chars = 0;
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (texts.has(file)) continue;
    const text = (await readDeclaration(file, owner.root)) ?? "";
    chars += text.length;
    if (texts.size >= maxFiles || chars > maxChars) return anything;
    const targets = await targetsOf(text, dirname(file), owner.root);
    waiting.push(...targets.values());
    texts.set(file, toAmbient(text, { name: nameOf(file), targets, nameOf }));
  }
  return { text: [...texts.values()].join("\n"), files: [...texts.keys(), owner.file] };
}

/** Where the relative imports of a file lead. */
async function targetsOf(text: string, folder: string, root: string): Promise<ReadonlyMap<string, string>> {
  const targets = new Map<string, string>();
  for (const [, , , specifier = ""] of text.matchAll(relativeSpecifier)) {
    const file = targets.has(specifier)
      ? undefined
      : await existingDeclaration(join(folder, specifier), root);
    if (file !== undefined) targets.set(specifier, file);
  }
  return targets;
}

interface AmbientOptions {
  readonly name: string;
  readonly targets: ReadonlyMap<string, string>;
  readonly nameOf: (file: string) => string;
}

function toAmbient(text: string, { name, targets, nameOf }: AmbientOptions): string {
  const named = text.replaceAll(
    relativeSpecifier,
    (whole, before: string, quote: string, specifier: string) => {
      const target = targets.get(specifier);
      return target === undefined ? whole : `${before}${quote}${nameOf(target)}${quote}`;
    },
  );
  const inside = named
    .replaceAll(/^\s*\/\/\/\s*<reference[^\n]*$/gm, "")
    .replaceAll(/^(\s*)(export\s+(?:default\s+)?)?declare\s+(?!global\b|module\b)/gm, "$1$2");
  return `declare module ${JSON.stringify(name)} {\n${inside}\n}\n`;
}
