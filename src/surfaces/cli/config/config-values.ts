/**
 * Reads single values of a configuration as they are meant: variables expanded from the host's environment,
 * `~` and relative paths resolved. Each reading is made when the value is needed and is never kept.
 */
import { join, resolve } from "node:path";
import { CodemodeError } from "../../../errors.ts";
import { formatField } from "./config-problems.ts";
import { formatPosition } from "./config-text.ts";
import type { ConfigText, FieldPath } from "./config-text.ts";
import { expandVariables } from "./expand-variables.ts";
import type { Environment } from "./expand-variables.ts";

export interface ConfigValues {
  /** The text with its variables expanded. Throws `config_variable_missing` or `config_invalid`. */
  text(raw: string, path: FieldPath): string;
  /** The same, with a leading `~` as the home folder. */
  argument(raw: string, path: FieldPath): string;
  /** The same, and relative to the file's folder. */
  path(raw: string, path: FieldPath): string;
  /** Every value of a table of texts. */
  table(raw: { readonly [key: string]: string }, path: FieldPath): { [key: string]: string };
}

export interface ValuesContext {
  readonly text: ConfigText;
  /** The folder of the configuration file. */
  readonly folder: string;
  readonly home: string;
  readonly env: Environment;
}

export function createConfigValues({ text, folder, home, env }: ValuesContext): ConfigValues {
  const expand = (raw: string, path: FieldPath): string => {
    const expansion = expandVariables(raw, env);
    if (expansion.ok) return expansion.text;
    const position = text.positionOf(path);
    const at = `${formatField(path)} (${formatPosition(text.file, position)})`;
    if ("unknownForm" in expansion) {
      throw new CodemodeError(
        "config_invalid",
        `${at} uses ${expansion.unknownForm}, which codemode cannot fill in.`,
        {
          hint: "Only ${VAR}, ${env:VAR} and ${VAR:-default} are expanded, from the environment.",
          ...position,
          data: { file: text.file, field: formatField(path) },
        },
      );
    }
    const name = expansion.missing;
    throw new CodemodeError(
      "config_variable_missing",
      `${at} needs \${${name}}, which is not set in the environment.`,
      {
        hint: `Set ${name} where codemode is started, or write \${${name}:-default}.`,
        ...position,
        data: { file: text.file, field: formatField(path), variable: name },
      },
    );
  };
  const argument = (raw: string, path: FieldPath): string => expandHome(expand(raw, path), home);
  return {
    text: expand,
    argument,
    path: (raw, path) => resolve(folder, argument(raw, path)),
    table: (raw, path) =>
      Object.fromEntries(Object.entries(raw).map(([key, value]) => [key, expand(value, [...path, key])])),
  };
}

function expandHome(text: string, home: string): string {
  if (text === "~") return home;
  return text.startsWith("~/") || text.startsWith("~\\") ? join(home, text.slice(2)) : text;
}
