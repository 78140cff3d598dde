/**
 * Reads a secret by its reference: a text with variables, a file, or what a command prints. What costs a
 * file or a process is remembered for a minute.
 */
import { readFile } from "node:fs/promises";
import { runProgram } from "../../child-process/run-program.ts";
import { CodemodeError } from "../../errors.ts";
import { formatField } from "./config/config-problems.ts";
import type { FieldPath } from "./config/config-text.ts";
import type { ConfigValues } from "./config/config-values.ts";
import type { SecretReference } from "./config/openapi-entry-schema.ts";

/** Throws `config_variable_missing`, or `source_unavailable` naming the field; never shows the secret. */
export type SecretReader = (reference: SecretReference, path: FieldPath) => Promise<string>;

const rememberMs = 60_000;
const commandMs = 30_000;

export function createSecretReader(values: ConfigValues): SecretReader {
  const remembered = new Map<string, { readonly value: Promise<string>; readonly until: number }>();
  return async (reference, path) => {
    if (typeof reference === "string") return values.text(reference, path);
    const field = formatField(path);
    const known = remembered.get(field);
    if (known !== undefined && known.until > Date.now()) return known.value;
    const value =
      "file" in reference
        ? fromFile(reference.file, path, values)
        : fromCommand(reference.command, path, values);
    remembered.set(field, { value, until: Date.now() + rememberMs });
    value.catch(() => remembered.delete(field));
    return value;
  };
}

async function fromFile(file: string, path: FieldPath, values: ConfigValues): Promise<string> {
  const place = values.path(file, [...path, "file"]);
  try {
    return nonEmpty(await readFile(place, "utf8"), path);
  } catch (thrown) {
    if (thrown instanceof CodemodeError) throw thrown;
    throw new CodemodeError("source_unavailable", `${formatField(path)} cannot be read from ${place}.`, {
      cause: thrown,
    });
  }
}

async function fromCommand(
  command: readonly string[],
  path: FieldPath,
  values: ConfigValues,
): Promise<string> {
  const [program = "", ...args] = command.map((part, index) =>
    values.argument(part, [...path, "command", index]),
  );
  try {
    const stdout = await runProgram(program, args, { timeoutMs: commandMs });
    return nonEmpty(stdout, path);
  } catch (thrown) {
    if (thrown instanceof CodemodeError) throw thrown;
    throw new CodemodeError("source_unavailable", `The command of ${formatField(path)} failed.`, {
      cause: thrown,
      hint: `Run ${program} yourself and look at what it says.`,
    });
  }
}

function nonEmpty(text: string, path: FieldPath): string {
  const secret = text.trim();
  if (secret !== "") return secret;
  throw new CodemodeError("source_unavailable", `${formatField(path)} is empty.`);
}
