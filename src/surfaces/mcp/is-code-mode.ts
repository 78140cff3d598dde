/**
 * Recognises a source that is a Code Mode server itself: programs within programs would cost a model twice what either
 * costs alone.
 */
import type { CatalogSource, Tool } from "../../index.ts";

/** Stands in `_meta` of our own `execute`. */
export const codeModeMark = "codemode/execute";

/** Nothing but the pair that such servers have, or a tool that says so of itself. */
export function isCodeMode({ tools }: Pick<CatalogSource, "tools">): boolean {
  if (tools.some(isMarked)) return true;
  const names = tools.map(({ upstreamName }) => upstreamName).toSorted();
  const pair = names.join() === "execute,search" || names.join() === "code";
  return pair && tools.every((tool) => tool.upstreamName === "search" || takesCode(tool));
}

function isMarked({ upstreamName, raw }: Tool): boolean {
  const meta: unknown = Reflect.get(Object(raw), "_meta");
  return upstreamName === "execute" && Reflect.get(Object(meta), codeModeMark) === true;
}

function takesCode({ input }: Tool): boolean {
  const properties: unknown = Reflect.get(Object(input), "properties");
  const code: unknown = Reflect.get(Object(properties), "code");
  return Reflect.get(Object(code), "type") === "string";
}
