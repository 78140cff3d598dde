/**
 * Makes modules for snippets of npm packages that are installed beside the configuration: each bundled once, of pure
 * code only, with its types, and kept on disk by the content of its files. Nothing is fetched and nothing of a package
 * is executed here.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { version as esbuildVersion } from "esbuild";
import type { SnippetModule } from "../spec/modules.ts";
import { bundlePackage } from "./bundle-package.ts";
import { readTypes } from "./read-types.ts";

export interface BundleOptions {
  /** Where the packages are looked for: the folder of the configuration. */
  readonly folder: string;
  /** Where bundles are kept between starts. Default: nowhere. */
  readonly keepFolder?: string;
}

interface Kept {
  readonly format: string;
  /** Every file that went into it, with the SHA-256 of its content. */
  readonly files: readonly (readonly [path: string, hash: string])[];
  readonly module: SnippetModule;
}

const format = `2 esbuild ${esbuildVersion}`;

/** Throws `module_invalid`, naming the package. */
export async function bundleModules(
  specifiers: readonly string[],
  options: BundleOptions,
): Promise<SnippetModule[]> {
  return Promise.all([...new Set(specifiers)].map((specifier) => bundleOne(specifier, options)));
}

async function bundleOne(specifier: string, { folder, keepFolder }: BundleOptions): Promise<SnippetModule> {
  const file =
    keepFolder === undefined ? undefined : join(keepFolder, `${hashOf(`${folder}\0${specifier}`)}.json`);
  const kept = file === undefined ? undefined : await readKept(file);
  if (kept !== undefined) return kept;
  const { code, files } = await bundlePackage(specifier, folder);
  const types = await readTypes(specifier, folder);
  const declarations = { source: specifier, version: hashOf(types.text), text: types.text };
  const module: SnippetModule = { specifier, code, declarations };
  if (file !== undefined) await keep(file, module, [...files, ...types.files]);
  return module;
}

/** What was kept, while every file that it was made of is what it was. */
async function readKept(file: string): Promise<SnippetModule | undefined> {
  try {
    const kept: Kept = JSON.parse(await readFile(file, "utf8"));
    if (kept.format !== format) return undefined;
    for (const [path, hash] of kept.files) if (hashOf(await readFile(path)) !== hash) return undefined;
    return kept.module;
  } catch {
    return undefined;
  }
}

/** A bundle that cannot be kept is made again at the next start, and nothing else. */
async function keep(file: string, module: SnippetModule, paths: readonly string[]): Promise<void> {
  try {
    const files: [string, string][] = [];
    for (const path of new Set(paths)) files.push([path, hashOf(await readFile(path))]);
    await mkdir(join(file, ".."), { recursive: true, mode: 0o700 });
    const draft = `${file}.${process.pid}`;
    await writeFile(draft, JSON.stringify({ format, files, module } satisfies Kept), { mode: 0o600 });
    await rename(draft, file);
  } catch {
    return;
  }
}

function hashOf(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
