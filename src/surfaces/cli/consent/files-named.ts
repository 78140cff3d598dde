/**
 * Finds the file that a word means, as interpreters and shells find it: with its ending left out, by its folder, or with
 * dots for slashes. Says of a file whether it looks like something that is run.
 */
import { closeSync, openSync, readSync, readdirSync, statSync } from "node:fs";
import { basename, extname, join, resolve } from "node:path";

const codeEndings = new Set(
  ".js .mjs .cjs .jsx .ts .mts .cts .tsx .py .pyw .rb .pl .php .lua .sh .bash .zsh .fish .ps1 .cmd .bat .exe .jar .class .wasm .so .dylib .dll .node .go .rs .java .kts .groovy .r .jl .swift .mk .nix .pth".split(
    " ",
  ),
);
/** How a file may be meant that is named without its ending, or by its folder. */
const guesses = ["", ".js", ".mjs", ".cjs", ".ts", ".mts", ".py", ".sh", ".rb", ".cmd", ".exe"];
const entries = [
  "package.json",
  "index.js",
  "index.mjs",
  "index.cjs",
  "index.ts",
  "__main__.py",
  "__init__.py",
  "main.go",
];

/** What folders hold, by whole names and by names cut at a dot. */
export type Listings = Map<string, ReadonlySet<string>>;

/** Whether a word could mean anything in the folder; far cheaper than looking. */
export function mayBeNamed(word: string, root: string, known: Listings): boolean {
  const [first = ""] = word.replace(/^(?:\.\/)+/, "").split(/[\\/]/, 1);
  if (first === ".." || first === "") return true;
  const names = known.get(root) ?? listFolder(root);
  known.set(root, names);
  return names.has(first) || names.has(first.split(".", 1)[0] ?? first);
}

/** The file; of a folder, those it is run by. */
export function filesNamed(word: string, root: string): string[] {
  if (word.length > 1_024 || word.includes("\0") || /^[a-z]+:\/\//i.test(word)) return [];
  const names = [word, ...(/^[\w.]+$/.test(word) ? [word.replaceAll(".", "/")] : [])];
  for (const name of names) {
    const path = resolve(root, name);
    const file = guesses.map((ending) => `${path}${ending}`).find(isFile);
    if (file !== undefined) return [file];
    if (isFolder(path)) return entries.map((entry) => join(path, entry)).filter(isFile);
  }
  return [];
}

/** By its ending, by the right to be executed, or by how it begins. */
export function looksRun(file: string): boolean {
  if (codeEndings.has(extname(file).toLowerCase()) || basename(file) === "package.json") return true;
  try {
    if (process.platform !== "win32" && (statSync(file).mode & 0o111) !== 0) return true;
    return firstBytes(file).toString("latin1") === "#!";
  } catch {
    return false;
  }
}

function firstBytes(file: string): Buffer {
  const bytes = Buffer.alloc(2);
  const open = openSync(file, "r");
  try {
    return bytes.subarray(0, readSync(open, bytes, 0, 2, 0));
  } finally {
    closeSync(open);
  }
}

export function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function listFolder(folder: string): ReadonlySet<string> {
  const names = new Set<string>();
  try {
    for (const name of readdirSync(folder)) {
      names.add(name);
      for (let dot = name.indexOf("."); dot > 0; dot = name.indexOf(".", dot + 1))
        names.add(name.slice(0, dot));
    }
  } catch {
    // A folder that is not there holds nothing.
  }
  return names;
}
