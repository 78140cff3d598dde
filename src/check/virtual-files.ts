/**
 * The file system that the native checker sees: files in memory and nothing else, so that no text of a
 * model or a source (a `/// <reference path>`, an import) can make it read the host's disk.
 */
import type { FileSystem } from "typescript/unstable/fs";

const folder = "/codemode";

export interface VirtualFiles {
  readonly fileSystem: FileSystem;
  /** The full path of a file of that name. */
  path(name: string): string;
  write(path: string, text: string): void;
  remove(path: string): void;
}

export const virtualFolder = folder;

export function createVirtualFiles(): VirtualFiles {
  const files = new Map<string, string>();
  const nothing = { files: [], directories: [] };
  return {
    fileSystem: {
      // `null` and `false`, never `undefined`: that would mean "look on the disk".
      readFile: (path) => files.get(path) ?? null,
      fileExists: (path) => files.has(path),
      directoryExists: (path) => path === "/" || path === folder || path.startsWith(`${folder}/`),
      getAccessibleEntries: () => nothing,
      realpath: (path) => path,
    },
    path: (name) => `${folder}/${name}`,
    write: (path, text) => files.set(path, text),
    remove: (path) => files.delete(path),
  };
}
