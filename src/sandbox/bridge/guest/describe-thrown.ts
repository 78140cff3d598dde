/**
 * Turns whatever ended the snippet into the record the host reports: code, message, the model's own line and
 * column, and for the most frequent mistakes the next step. Whatever is thrown, and whatever the snippet has made of the
 * language before, there is a record of it: a guest that says nothing would seem to wait for ever.
 */
import { encodeValue } from "../encode-value.ts";
import { ValueFault } from "../value-fault.ts";
import { formatValue } from "./format-value.ts";
import { hintForMissing } from "./missing-globals.ts";
import { snippetPosition } from "./snippet-position.ts";

export interface ThrownRecord {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly line?: number;
  readonly column?: number;
  readonly data?: unknown;
}

const maxMessage = 16_000;
const maxHint = 4_000;
const maxCode = 200;

/** When not even a record of it can be made. */
const indescribable = '{"code":"snippet_threw","message":"What was thrown cannot be described."}';

export function describeThrown(thrown: unknown): ThrownRecord {
  if (isA(thrown, ValueFault)) return { code: thrown.code, message: `${thrown.message}.` };
  if (!isA(thrown, Error)) return { code: "snippet_threw", message: `Thrown: ${formatValue(thrown, 4_000)}` };
  const code = text(thrown, "code");
  const name = text(thrown, "name") ?? "Error";
  const ours = code !== undefined && (name === "ToolError" || name === "UnsupportedError");
  const message = text(thrown, "message") ?? "";
  const hint = ours ? text(thrown, "hint") : hintForMissing(cut(message, maxMessage));
  return {
    code: ours ? cut(code, maxCode) : "snippet_threw",
    message: cut(ours ? message : `${cut(name, maxCode)}: ${message}`, maxMessage),
    ...(hint !== undefined && { hint: cut(hint, maxHint) }),
    ...snippetPosition(thrown),
    ...(ours && { data: field(thrown, "data") }),
  };
}

/** As bridge text, whatever it is; data that cannot cross is left out. */
export function encodeThrown(thrown: unknown): string {
  try {
    const { data, ...bare } = describeThrown(thrown);
    return encodeRecord(bare, data);
  } catch {
    return indescribable;
  }
}

function encodeRecord(bare: ThrownRecord, data: unknown): string {
  if (data !== undefined) {
    try {
      return encodeValue({ ...bare, data }, { bytes: 200_000, depth: 100 }, "the error");
    } catch {
      // The rest of it can cross.
    }
  }
  return encodeValue(bare, { bytes: 200_000, depth: 4 }, "the error");
}

/** A proxy may refuse to say what it is, and `instanceof` is the snippet's to change. */
function isA<T>(value: unknown, kind: abstract new (...args: never[]) => T): value is T {
  try {
    return value instanceof kind;
  } catch {
    return false;
  }
}

function text(error: object, key: string): string | undefined {
  const value = field(error, key);
  return typeof value === "string" ? value : undefined;
}

function field(error: object, key: string): unknown {
  try {
    return Reflect.get(error, key);
  } catch {
    return undefined;
  }
}

function cut(value: string, most: number): string {
  return value.length <= most ? value : value.slice(0, most);
}
