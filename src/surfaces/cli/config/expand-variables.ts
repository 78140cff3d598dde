/**
 * Expands `${VAR}`, `${env:VAR}` and `${VAR:-default}` from the environment it is given. Called as late as
 * possible, so that an expanded secret lives only where it is used; says which variable was missing and
 * leaves naming field and file to the caller.
 */

export type Environment = { readonly [name: string]: string | undefined };

export type Expansion =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly missing: string }
  | { readonly ok: false; readonly unknownForm: string };

const reference = /\$\{(?:env:)?([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;
/** `${input:token}` and the like, which other clients ask a person for. */
const foreignReference = /\$\{(?!env:)[A-Za-z]+:(?!-)[^}]*\}/;

/** As in a shell, `:-` also stands in for a variable that is set but empty. */
export function expandVariables(text: string, environment: Environment): Expansion {
  const foreign = foreignReference.exec(text);
  if (foreign !== null) return { ok: false, unknownForm: foreign[0] };
  let missing: string | undefined;
  const expanded = text.replaceAll(reference, (_whole, name: string, fallback: string | undefined) => {
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
    if (fallback !== undefined) return value === undefined || value === "" ? fallback : value;
    if (value === undefined) missing ??= name;
    return value ?? "";
  });
  return missing === undefined ? { ok: true, text: expanded } : { ok: false, missing };
}

/** Names of all variables that a text refers to. */
export function variablesOf(text: string): string[] {
  return [...text.matchAll(reference)].flatMap((match) => match[1] ?? []);
}

/** Of these, the ones that must be set. */
export function variablesWithoutDefault(text: string): string[] {
  return [...text.matchAll(reference)].flatMap((match) => (match[2] === undefined ? (match[1] ?? []) : []));
}
