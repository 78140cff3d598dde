/** Fills `${NAME}` and `$NAME` of a manual's templates with the operator's values, and with nothing else. */

const variable = /\$\{(\w+)\}|\$([A-Za-z_]\w*)/g;

export function variablesIn(text: string): string[] {
  return [...text.matchAll(variable)].map(([, braced, bare]) => braced ?? bare ?? "");
}

/** A name without a value stays as it stands: who asks has looked with `variablesIn` before. */
export function fillVariables(text: string, values: ReadonlyMap<string, string>): string {
  return text.replaceAll(
    variable,
    (whole, braced?: string, bare?: string) => values.get(braced ?? bare ?? "") ?? whole,
  );
}
