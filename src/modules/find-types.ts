/**
 * Finds the file of an installed package's types, as TypeScript looks for it.
 */
import { join } from "node:path";
import {
  FileRefusal,
  findPackage,
  type InstalledPackage,
  packageOf,
  readOwnFile,
} from "./installed-package.ts";

export interface TypesEntry {
  readonly file: string;
  /** Whose files may be read: the package's own, or those of its `@types`. */
  readonly owner: InstalledPackage;
}

/**
 * The declaration file that stands for the specifier, its own or that of `@types`; nothing when it has none.
 * Throws `FileRefusal`, naming the path.
 */
export async function findTypes(specifier: string, folder: string): Promise<TypesEntry | undefined> {
  const parts = specifier.split("/");
  const name = packageOf(specifier) ?? specifier;
  const sub = parts.slice(name.split("/").length).join("/");
  const mangled = `@types/${name.replace(/^@/, "").replace("/", "__")}`;
  for (const candidate of [name, mangled]) {
    const found = await findPackage(candidate, folder);
    const file = found === undefined ? undefined : await typesOf(found, sub);
    if (found !== undefined && file !== undefined) return { file, owner: found };
  }
  return undefined;
}

async function typesOf({ root, manifest }: InstalledPackage, sub: string): Promise<string | undefined> {
  const exported = typesInExports(manifest["exports"], sub === "" ? "." : `./${sub}`);
  const stated = sub === "" ? [manifest["types"], manifest["typings"]] : [];
  const beside =
    sub === ""
      ? [typeof manifest["main"] === "string" ? manifest["main"] : "index", "index"]
      : [sub, `${sub}/index`];
  const candidates = [exported, ...stated, ...beside].filter((each) => typeof each === "string");
  for (const candidate of candidates) {
    const file = await existingDeclaration(join(root, candidate), root);
    if (file !== undefined) return file;
  }
  return undefined;
}

/** The path itself where it is a declaration file, or the one that stands beside a script. */
export async function existingDeclaration(path: string, root: string): Promise<string | undefined> {
  const bare = path.replace(/\.(?:d\.)?[cm]?[jt]s$/, "");
  const candidates = /\.d\.[cm]?ts$/.test(path)
    ? [path]
    : [`${bare}.d.ts`, `${bare}.d.mts`, `${bare}.d.cts`, `${path}.d.ts`, join(path, "index.d.ts")];
  for (const candidate of candidates)
    if ((await readDeclaration(candidate, root)) !== undefined) return candidate;
  return undefined;
}

function typesInExports(exports: unknown, key: string): string | undefined {
  if (typeof exports !== "object" || exports === null) return undefined;
  const entry: unknown = Object.hasOwn(exports, key)
    ? Reflect.get(exports, key)
    : key === "." && !Object.keys(exports).some((each) => each.startsWith("."))
      ? exports
      : undefined;
  return typesInConditions(entry, 0);
}

function typesInConditions(entry: unknown, depth: number): string | undefined {
  if (typeof entry === "string") return /\.d\.[cm]?ts$/.test(entry) ? entry : undefined;
  if (typeof entry !== "object" || entry === null || depth > 5) return undefined;
  for (const condition of ["types", "import", "module", "default", "require"]) {
    const found = Object.hasOwn(entry, condition)
      ? typesInConditions(Reflect.get(entry, condition), depth + 1)
      : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Throws `FileRefusal`, naming the path. */
export async function readDeclaration(path: string, root: string): Promise<string | undefined> {
  try {
    return await readOwnFile(path, root);
  } catch (thrown) {
    if (thrown instanceof FileRefusal) throw new FileRefusal(`its types lie in ${path}, ${thrown.message}`);
    throw thrown;
  }
}
