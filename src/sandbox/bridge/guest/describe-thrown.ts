/**
 * Turns whatever ended the snippet into the record the host reports: code, message, the model's own line and
 * column, and for the most frequent mistakes the next step.
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

export function describeThrown(thrown: unknown): ThrownRecord {
  if (thrown instanceof ValueFault) return { code: thrown.code, message: `${thrown.message}.` };
  if (!(thrown instanceof Error))
    return { code: "snippet_threw", message: `Thrown: ${formatValue(thrown, 4_000)}` };
  const code = text(thrown, "code");
  const ours = code !== undefined && (thrown.name === "ToolError" || thrown.name === "UnsupportedError");
  const message = text(thrown, "message") ?? "";
  const name = text(thrown, "name") ?? "Error";
  const hint = ours ? text(thrown, "hint") : hintForMissing(message);
  return {
    code: ours ? code : "snippet_threw",
    message: ours ? message : `${name}: ${message}`,
    ...(hint !== undefined && { hint }),
    ...snippetPosition(thrown),
    ...(ours && { data: field(thrown, "data") }),
  };
}

/** As bridge text; data that cannot cross is left out. */
export function encodeThrown({ data, ...record }: ThrownRecord): string {
  const bare = { ...record, message: record.message.slice(0, maxMessage) };
  if (data === undefined) return encodeValue(bare, { bytes: 100_000, depth: 4 }, "the error");
  try {
    return encodeValue({ ...bare, data }, { bytes: 200_000, depth: 100 }, "the error");
  } catch {
    return encodeValue(bare, { bytes: 100_000, depth: 4 }, "the error");
  }
}

function text(error: Error, key: string): string | undefined {
  const value = field(error, key);
  return typeof value === "string" ? value : undefined;
}

function field(error: Error, key: string): unknown {
  try {
    return Reflect.get(error, key);
  } catch {
    return undefined;
  }
}
