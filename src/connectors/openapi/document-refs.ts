/**
 * Follows `$ref`s inside one API description. Only pointers into the document itself are followed; nothing
 * is ever fetched or read from disk for a reference.
 */
import { isRecord } from "../../schema/is-record.ts";
import type { JsonRecord } from "./parse-document.ts";

export type Followed = { readonly value: JsonRecord; readonly ref?: string } | { readonly problem: string };

const maxHops = 32;

/** `value` itself, or what it refers to over any number of hops; a problem says why there is nothing. */
export function follow(root: JsonRecord, value: unknown): Followed {
  let at = value;
  let ref: string | undefined;
  for (let hop = 0; hop < maxHops; hop += 1) {
    if (!isRecord(at))
      return { problem: ref === undefined ? "it is no object" : `${shown(ref)} leads to no object` };
    const next = at["$ref"];
    if (typeof next !== "string") return { value: at, ...(ref !== undefined && { ref }) };
    const problem = refProblem(root, next);
    if (problem !== undefined) return { problem };
    ref = next;
    at = atPointer(root, next);
  }
  return { problem: `${shown(ref ?? "")} refers to itself` };
}

/** Why a reference leads nowhere; `undefined` when it leads somewhere. */
export function refProblem(root: JsonRecord, ref: string): string | undefined {
  if (!ref.startsWith("#")) return `${shown(ref)} points outside the document, which is never followed`;
  if (ref !== "#" && !ref.startsWith("#/")) return `${shown(ref)} is no JSON pointer`;
  return atPointer(root, ref) === undefined ? `${shown(ref)} does not exist` : undefined;
}

/** What a `#/…` pointer names. */
export function atPointer(root: JsonRecord, ref: string): unknown {
  let at: unknown = root;
  for (const key of pointerKeys(ref)) {
    if ((!isRecord(at) && !Array.isArray(at)) || !Object.hasOwn(at, key)) return undefined;
    at = Array.isArray(at) ? at[Number(key)] : at[key];
  }
  return at;
}

/** The unescaped keys of a `#/…` pointer. */
export function pointerKeys(ref: string): string[] {
  return ref.split("/").slice(1).map(unescapeKey);
}

function unescapeKey(part: string): string {
  let decoded = part;
  try {
    decoded = decodeURIComponent(part);
  } catch {
    // A stray "%" is a character of the key itself.
  }
  return decoded.replaceAll("~1", "/").replaceAll("~0", "~");
}

function shown(ref: string): string {
  return `"${ref.length > 120 ? `${ref.slice(0, 120)}…` : ref}"`;
}
