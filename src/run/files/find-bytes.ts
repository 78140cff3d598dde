/**
 * Finds the bytes in a value, with their media type: what stands beside them as `mimeType`, or what their first bytes say.
 */
import type { Value } from "../../spec/value.ts";

export interface FoundBytes {
  readonly bytes: Uint8Array;
  readonly mime: string;
}

/** At most so many; values come off the bridge with bounded depth. */
export function findBytes(value: Value, most: number): FoundBytes[] {
  const found: FoundBytes[] = [];
  const waiting: { readonly value: Value; readonly mime?: string }[] = [{ value }];
  for (let next = waiting.pop(); next !== undefined && found.length < most; next = waiting.pop()) {
    const { value: current, mime } = next;
    if (typeof current !== "object" || current === null || current instanceof Date) continue;
    if (current instanceof Uint8Array) {
      if (current.byteLength > 0) found.push({ bytes: current, mime: mime ?? sniff(current) });
      continue;
    }
    const said = toMime(Array.isArray(current) ? undefined : Reflect.get(current, "mimeType"));
    const children =
      current instanceof Map
        ? [...current.values()]
        : current instanceof Set
          ? [...current]
          : Object.values(current);
    for (const child of children.toReversed())
      waiting.push(said === undefined ? { value: child } : { value: child, mime: said });
  }
  return found;
}

function toMime(said: unknown): string | undefined {
  return typeof said === "string" && /^[\w!#$&^.+-]{1,80}\/[\w!#$&^.+-]{1,80}$/.test(said)
    ? said.toLowerCase()
    : undefined;
}

const signatures: readonly (readonly [start: readonly number[], mime: string])[] = [
  [[0x89, 0x50, 0x4e, 0x47], "image/png"],
  [[0xff, 0xd8, 0xff], "image/jpeg"],
  [[0x47, 0x49, 0x46, 0x38], "image/gif"],
  [[0x25, 0x50, 0x44, 0x46], "application/pdf"],
  [[0x50, 0x4b, 0x03, 0x04], "application/zip"],
  [[0x1f, 0x8b], "application/gzip"],
];

function sniff(bytes: Uint8Array): string {
  const known = signatures.find(([start]) => start.every((byte, at) => bytes[at] === byte));
  return known?.[1] ?? "application/octet-stream";
}
