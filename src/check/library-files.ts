/**
 * TypeScript's own declarations of the language, as few files. One file instead of some ninety is bound
 * once, the checker starts faster, and the checker itself need not read the disk.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The newest: what the sandbox's engine lacks is said when the snippet runs, what it has is never refused. */
const newest = "esnext";
let kept: ReadonlyMap<string, string> | undefined;

/** Texts by file name. Throws when TypeScript's package for this platform is not installed. */
export function libraryFiles(): ReadonlyMap<string, string> {
  if (kept !== undefined) return kept;
  const texts = new Map<string, string>();
  collect(newest, libraryFolder(), texts);
  // A file with an export is a module: joined to the others it would hide them all.
  const isModule = (text: string): boolean => /^(?:export|import)\b/m.test(text);
  const modules = [...texts].filter(([, text]) => isModule(text));
  const scripts = [...texts.values()].filter((text) => !isModule(text));
  kept = new Map([
    ["library.d.ts", scripts.join("")],
    ...modules.map(([name, text]) => [`${name}.library.d.ts`, text] as const),
  ]);
  return kept;
}

function libraryFolder(): string {
  const typescript = createRequire(import.meta.url).resolve("typescript/package.json");
  const platform = `@typescript/typescript-${process.platform}-${process.arch}/package.json`;
  return join(dirname(createRequire(typescript).resolve(platform)), "lib");
}

function collect(name: string, folder: string, texts: Map<string, string>): void {
  if (texts.has(name)) return;
  const text = readFileSync(join(folder, `lib.${name}.d.ts`), "utf8");
  texts.set(name, text.replaceAll(/^\/\/\/.*/gm, ""));
  for (const match of text.matchAll(/^\/\/\/ <reference lib="([^"]+)" \/>/gm))
    collect(match[1] ?? "", folder, texts);
}
