/**
 * Fills JSON pointers into a call (`/args/…`, `/result/…`, RFC 6901) with what they point at.
 */
import type { ExactJson } from "../../spec/value.ts";

export type Filled =
  | { readonly ok: true; readonly value: ExactJson }
  /** The pointer that points at nothing. */
  | { readonly ok: false; readonly missing: string };

export function fillPointers(
  template: ExactJson,
  call: { readonly args: ExactJson; readonly result: ExactJson },
): Filled {
  if (typeof template === "string")
    return /^\/(?:args|result)(?:\/|$)/.test(template)
      ? pointTo(template, call)
      : { ok: true, value: template };
  if (typeof template !== "object" || template === null) return { ok: true, value: template };
  const values: [string, ExactJson][] = [];
  for (const [key, part] of Object.entries(template)) {
    const filled = fillPointers(part, call);
    if (!filled.ok) return filled;
    values.push([key, filled.value]);
  }
  return {
    ok: true,
    value: Array.isArray(template) ? values.map(([, value]) => value) : Object.fromEntries(values),
  };
}

function pointTo(pointer: string, call: { readonly args: ExactJson; readonly result: ExactJson }): Filled {
  let at: ExactJson = { ...call };
  for (const token of pointer.slice(1).split("/")) {
    const key = token.replaceAll("~1", "/").replaceAll("~0", "~");
    const next: ExactJson | undefined =
      typeof at === "object" && at !== null && Object.hasOwn(at, key)
        ? (at as { readonly [name: string]: ExactJson })[key]
        : undefined;
    if (next === undefined) return { ok: false, missing: pointer };
    at = next;
  }
  return { ok: true, value: at };
}
