/** The error that says why a package cannot be given to snippets. */
import { CodemodeError } from "../errors.ts";

export function moduleInvalid(
  specifier: string,
  what: string,
  { hint, cause }: { readonly hint?: string | undefined; readonly cause?: unknown } = {},
): CodemodeError {
  return new CodemodeError("module_invalid", `The package ${specifier}, listed under modules, ${what}.`, {
    hint:
      hint ??
      "Only pure code can be given to snippets. Take it off the list, or offer what it does as a tool.",
    data: { module: specifier },
    ...(cause === undefined ? {} : { cause }),
  });
}
