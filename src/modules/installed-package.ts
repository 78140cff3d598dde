/**
 * One package as it is installed: where its files really lie, what it declares that it needs, and which of its files
 * may be read. Whatever a package names is looked up here, so that none reaches beyond itself and its dependencies.
 */
import { constants } from "node:fs";
import { open, realpath } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";

export interface Manifest {
  readonly [key: string]: unknown;
}

export interface InstalledPackage {
  readonly name: string;
  /** The real path of its folder. */
  readonly root: string;
  /** The real path of its package.json. */
  readonly file: string;
  readonly manifest: Manifest;
  /** Whose code it may import besides its own. */
  readonly dependencies: ReadonlySet<string>;
}

/** Why a file of a package is not read; goes after the import that asks for it. */
export class FileRefusal extends Error {}

/** Larger than any source that fits into a bundle of two megabytes should be. */
const maxFileBytes = 8 * 2 ** 20;
const packageName = /^(?:@[\w~-][\w.~-]*\/)?[\w~-][\w.~-]*$/;

/** `@scope/name/sub/path` → `@scope/name`; nothing for what names no package. */
export function packageOf(specifier: string): string | undefined {
  const name = specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
  return packageName.test(name) && !specifier.split("/").includes("..") ? name : undefined;
}

/** As Node.js looks for it: in the `node_modules` of each folder upwards. Throws `FileRefusal`. */
export async function findPackage(name: string, from: string): Promise<InstalledPackage | undefined> {
  for (let at = from; ; at = dirname(at)) {
    const root = await realpath(join(at, "node_modules", name)).catch(() => undefined);
    const text = root === undefined ? undefined : await readOwnFile(join(root, "package.json"), root);
    if (root !== undefined && text !== undefined) {
      const manifest = parseManifest(text, name);
      return { name, root, file: join(root, "package.json"), manifest, dependencies: declared(manifest) };
    }
    if (dirname(at) === at) return undefined;
  }
}

function parseManifest(text: string, name: string): Manifest {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // What the parser says would quote the file.
    throw new FileRefusal(`the package.json of ${name} is not valid JSON`);
  }
  if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) return { ...parsed };
  throw new FileRefusal(`the package.json of ${name} is no object`);
}

function declared(manifest: Manifest): ReadonlySet<string> {
  const lists = ["dependencies", "optionalDependencies", "peerDependencies"].map((key) => manifest[key]);
  return new Set(
    lists.flatMap((list) => (typeof list === "object" && list !== null ? Object.keys(list) : [])),
  );
}

/** Whether a real path is a file of the package itself, and not of one that is installed inside it. */
export function holds({ root }: Pick<InstalledPackage, "root">, path: string): boolean {
  const inside = relative(root, path);
  if (inside === "" || inside.startsWith(`..${sep}`) || inside === "..") return false;
  return !inside.split(sep).includes("node_modules");
}

/** The text of a file below `root`; nothing where there is no file. Throws `FileRefusal`. */
export async function readOwnFile(path: string, root: string): Promise<string | undefined> {
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined) return undefined;
  if (!holds({ root }, real)) throw new FileRefusal("which leads out of the package");
  // Between the look and the opening a link may have been put there; what is no file may never end.
  await using file = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const { size, ...kind } = await file.stat().then((stat) => ({ size: stat.size, file: stat.isFile() }));
  if (!kind.file) return undefined;
  if (size > maxFileBytes) throw new FileRefusal(`which is larger than ${maxFileBytes} bytes`);
  return file.readFile("utf8");
}
