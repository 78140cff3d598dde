/**
 * Sources whose names become the same identifier cannot be told apart in a snippet.
 */
import { CodemodeError } from "../errors.ts";
import type { Source } from "../spec/source.ts";
import { toIdentifier } from "./to-identifier.ts";

/** Throws `config_invalid`, naming both. */
export function refuseEqualNames(sources: readonly Source[]): void {
  const seen = new Map<string, string>();
  for (const { name } of sources) {
    const identifier = toIdentifier(name);
    const other = seen.get(identifier);
    if (other !== undefined) {
      throw new CodemodeError(
        "config_invalid",
        `The sources "${other}" and "${name}" would both be called tools.${identifier}.`,
        { hint: "Rename one of them." },
      );
    }
    seen.set(identifier, name);
  }
}
