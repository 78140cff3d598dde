/**
 * Finds an installed package and the file of its types, as Node.js and TypeScript look for them.
 */
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

interface Manifest {
  readonly types?: unknown;
  readonly typings?: unknown;
  readonly main?: unknown;
  readonly exports?: unknown;
}

/** The declaration file that stands for the specifier, its own or that of `@types`; nothing when it has none. */
export async function findTypes(specifier: string, folder: string): Promise<string | undefined> {
  const parts = specifier.split("/");
  const name = parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
  const sub = parts.slice(name.split("/").length).join("/");
  const mangled = `@types/${name.replace(/^@/, "").replace("/", "__")}`;
  for (const candidate of [name, mangled]) {
    const found = await findPackage(candidate, folder);
    const file = found === undefined ? undefined : await typesOf(found, sub);
    if (file !== undefined) return file;
  }
  return undefined;
}

interface InstalledPackage {
  readonly folder: string;
  readonly manifest: Manifest;
}

async function findPackage(name: string, from: string): Promise<InstalledPackage | undefined> {
  for (let at = from; ; at = dirname(at)) {
    const folder = join(at, "node_modules", name);
    const text = await readText(join(folder, "package.json"));
    if (text !== undefined) return { folder, manifest: JSON.parse(text) };
    if (dirname(at) === at) return undefined;
  }
}

async function typesOf({ folder, manifest }: InstalledPackage, sub: string): Promise<string | undefined> {
  const exported = typesInExports(manifest.exports, sub === "" ? "." : `./${sub}`);
  const stated = sub === "" ? [manifest.types, manifest.typings] : [];
  const beside =
    sub === ""
      ? [typeof manifest.main === "string" ? manifest.main : "index", "index"]
      : [sub, `${sub}/index`];
  const candidates = [exported, ...stated, ...beside].filter((each) => typeof each === "string");
  for (const candidate of candidates) {
    const file = await existingDeclaration(join(folder, candidate));
    if (file !== undefined) return file;
  }
  return undefined;
}

/** The path itself where it is a declaration file, or the one that stands beside a script. */
export async function existingDeclaration(path: string): Promise<string | undefined> {
  const bare = path.replace(/\.(?:d\.)?[cm]?[jt]s$/, "");
  const candidates = /\.d\.[cm]?ts$/.test(path)
    ? [path]
    : [`${bare}.d.ts`, `${bare}.d.mts`, `${bare}.d.cts`, `${path}.d.ts`, join(path, "index.d.ts")];
  for (const candidate of candidates) if ((await readText(candidate)) !== undefined) return candidate;
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

export async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch {
    return undefined;
  }
}
