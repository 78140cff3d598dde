/**
 * Asks sources which upstream they are: each when a run is about to use it, and those that a program names when the
 * run begins, so that a host that dies early leaves behind whose run it was.
 */
import { CodemodeError, toCodemodeError } from "../../errors.ts";
import type { Catalog } from "../../spec/tool.ts";
import type { IdentityRequest, SourceIdentity } from "../../spec/source-identity.ts";
import type { ExecuteContext } from "../execute-context.ts";
import { boundIdentity, type RecordedSource } from "./recorded-sources.ts";

/** Nothing for a source that there is not. Throws `source_unavailable` for one that cannot be told. */
export async function identifySource(
  name: string,
  request: IdentityRequest,
  { source: find }: Pick<ExecuteContext, "source">,
): Promise<SourceIdentity | undefined> {
  const source = find(name);
  if (source === undefined) return undefined;
  try {
    return boundIdentity(await source.identity(request));
  } catch (thrown) {
    const { code, message, hint } = toCodemodeError(thrown);
    if (code === "run_cancelled") throw thrown;
    throw new CodemodeError("source_unavailable", `The source "${name}" is not available: ${message}`, {
      cause: thrown,
      ...(hint === undefined ? {} : { hint }),
    });
  }
}

/** Of every source of the catalog whose name stands in one of the texts, as far as it is known without asking it. */
export async function identifyNamed(
  texts: readonly string[],
  request: Omit<IdentityRequest, "offline">,
  { catalog, ...context }: { readonly catalog: Catalog; readonly source: ExecuteContext["source"] },
): Promise<readonly (readonly [string, RecordedSource])[]> {
  const named = catalog.sources.filter(({ name }) => texts.some((text) => names(text, name)));
  const found = await Promise.all(
    named.map(async ({ name }) => {
      // What cannot be said of a source now is said when it is used.
      const identity = await identifySource(name, { ...request, offline: true }, context).catch(
        () => undefined,
      );
      return identity === undefined ? [] : [[name, { identity, used: false }] as const];
    }),
  );
  return found.flat();
}

/** As a word of its own; names of sources are identifiers. */
function names(text: string, source: string): boolean {
  if (!text.includes(source)) return false;
  const word = source.replaceAll("$", String.raw`\$`);
  return new RegExp(String.raw`(?<![\w$])${word}(?![\w$])`).test(text);
}
