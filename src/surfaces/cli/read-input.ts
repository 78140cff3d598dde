/**
 * Reads what a command is given by name: a file, or `-` for standard input.
 */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import { CodemodeError } from "../../errors.ts";

/** Throws `usage` when there is no such file, or nothing could be read. */
export async function readInput(name: string, workingFolder: string): Promise<string> {
  if (name === "-") return text(process.stdin);
  const file = resolve(workingFolder, name);
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CodemodeError("usage", `${file} cannot be read: ${reason}.`, {
      cause,
      hint: "Name a file, or - for standard input.",
    });
  }
}
