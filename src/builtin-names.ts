/**
 * What stands under `codemode` in every snippet, read from the declarations that snippets are checked against, for
 * surfaces where other names stand there too.
 */
import { prelude } from "./typegen/prelude.ts";

const declared = /declare const codemode: \{\n(.*?)^\};/ms.exec(prelude)?.[1] ?? "";

/** Names below `codemode` that no tool may take. */
export const builtinNames: ReadonlySet<string> = new Set(
  [...declared.matchAll(/^ {2}(\w+)[(<:]/gm)].flatMap(([, name]) => name ?? []),
);
