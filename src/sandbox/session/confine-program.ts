/**
 * Confines the imports of a whole program: its code and the modules that come with it may import each other by file
 * name, and nothing else.
 */
import type { GuestError, GuestProgram } from "../../spec/engine.ts";
import { confineImports, type ConfinedCode } from "./confine-imports.ts";

export type ConfinedProgram =
  | { readonly ok: true; readonly texts: Pick<GuestProgram, "code" | "modules"> }
  | { readonly ok: false; readonly error: GuestError };

/** Modules are the same in many runs; a large one takes a while to be parsed. */
const kept = new Map<string, ConfinedCode>();
const mostKept = 64;
const nothing: ReadonlySet<string> = new Set();

export function confineProgram({ code, modules }: GuestProgram): ConfinedProgram {
  const own = modules === undefined ? nothing : new Set(Object.keys(modules));
  const confined = confineImports(code, own);
  if (!confined.ok) return confined;
  if (modules === undefined) return { ok: true, texts: { code: confined.code } };
  const texts: Record<string, string> = {};
  for (const [name, text] of Object.entries(modules)) {
    const module = confineModule(text, own);
    if (!module.ok) return { ok: false, error: inModule(name, module.error) };
    texts[name] = module.code;
  }
  return { ok: true, texts: { code: confined.code, modules: texts } };
}

function confineModule(text: string, own: ReadonlySet<string>): ConfinedCode {
  const key = `${[...own].join()}\n${text}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const confined = confineImports(text, own);
  const oldest = kept.keys().next();
  if (kept.size >= mostKept && oldest.done !== true) kept.delete(oldest.value);
  kept.set(key, confined);
  return confined;
}

/** Its lines are not the snippet's. */
function inModule(name: string, { code, message, hint }: GuestError): GuestError {
  return { code, message: `In ${name}: ${message}`, ...(hint === undefined ? {} : { hint }) };
}
