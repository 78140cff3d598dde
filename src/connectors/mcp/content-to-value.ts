/**
 * Makes a value of one content block. Text that is JSON becomes what it says; bytes become bytes with their
 * type and size, never base64; a block of an unknown kind stays as it came.
 */
import { parseExact } from "../../json/parse-exact.ts";
import { isRecord } from "../../schema/is-record.ts";
import type { Value } from "../../spec/value.ts";
import { jsonToValue, type NestingBound } from "./json-to-value.ts";

export interface ContentValue {
  readonly value: Value;
  /** What the block says in words, for an error's message. */
  readonly text?: string;
  /** JSON pointers of numbers in the value that are not what was written. */
  readonly inexact?: readonly string[];
}

export function contentToValue(block: unknown, bound: NestingBound): ContentValue {
  if (!isRecord(block)) return { value: jsonToValue(block, bound) };
  const { type } = block;
  if (type === "text" && typeof block["text"] === "string") {
    return { ...textToValue(block["text"], bound), text: block["text"] };
  }
  if ((type === "image" || type === "audio") && typeof block["data"] === "string") {
    return { value: { type, ...mimeType(block), ...toBytes(block["data"]) } };
  }
  if (type === "resource" && isRecord(block["resource"])) return resourceToValue(block["resource"], bound);
  const { annotations: _annotations, _meta, ...rest } = block;
  return { value: jsonToValue(rest, bound) };
}

/** Only a text that is one object or array as a whole is data; a number or a word stays a text. */
function textToValue(text: string, bound: NestingBound): Pick<ContentValue, "value" | "inexact"> {
  const trimmed = text.trim();
  const isBraced = trimmed.startsWith("{") && trimmed.endsWith("}");
  const isBracketed = trimmed.startsWith("[") && trimmed.endsWith("]");
  if (!isBraced && !isBracketed) return { value: text };
  try {
    const { value, inexact } = parseExact(trimmed);
    return { value: jsonToValue(value, bound), inexact };
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return { value: text };
    throw thrown;
  }
}

function resourceToValue(resource: { readonly [key: string]: unknown }, bound: NestingBound): ContentValue {
  const uri = typeof resource["uri"] === "string" ? { uri: resource["uri"] } : {};
  const known = { type: "resource", ...uri, ...mimeType(resource) };
  if (typeof resource["text"] === "string")
    return { value: { ...known, text: resource["text"] }, text: resource["text"] };
  if (typeof resource["blob"] === "string") return { value: { ...known, ...toBytes(resource["blob"]) } };
  return { value: jsonToValue({ ...resource, type: "resource" }, bound) };
}

function mimeType(block: { readonly [key: string]: unknown }): { mimeType: string } {
  const { mimeType } = block;
  return { mimeType: typeof mimeType === "string" ? mimeType : "application/octet-stream" };
}

function toBytes(base64: string): { size: number; data: Uint8Array } {
  const data = new Uint8Array(Buffer.from(base64, "base64"));
  return { size: data.byteLength, data };
}
