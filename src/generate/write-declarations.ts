/**
 * Writes the declarations of a catalog into one file, and only over what was written by the same.
 */
import { lstat, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { CodemodeError } from "../errors.ts";
import type { CatalogSource } from "../spec/tool.ts";
import { toolTypes } from "./tool-types.ts";

const firstLine = "// Written by codemode types --out: write it again rather than editing it.\n";

/** `file` is absolute. Throws `output_refused`. */
export async function writeDeclarations(file: string, sources: readonly CatalogSource[]): Promise<void> {
  if (!file.endsWith(".ts"))
    throw new CodemodeError("output_refused", `${file} would not be found by a compiler.`, {
      hint: "Name a file that ends in .d.ts, such as tools.d.ts.",
    });
  const found = await lstat(file).catch(() => undefined);
  const isOwn = found?.isFile() === true && (await readFile(file, "utf8")).startsWith(firstLine);
  if (found !== undefined && !isOwn)
    throw new CodemodeError("output_refused", `${file} was not written by codemode types.`, {
      hint: "Name another file, or move this one away.",
    });
  await mkdir(dirname(file), { recursive: true });
  const beside = `${file}.${process.pid}.tmp`;
  await writeFile(beside, `${firstLine}${toolTypes(sources)}`);
  await rename(beside, file);
}
