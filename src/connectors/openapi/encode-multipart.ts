/**
 * Writes `multipart/*` bodies (RFC 7578, RFC 2046). A part's media type comes from the document's encoding,
 * else from its value: bytes are a file, objects are JSON, the rest is plain text. Lists repeat their name.
 */
import { randomUUID } from "node:crypto";
import { CodemodeError } from "../../errors.ts";
import type { Value } from "../../spec/value.ts";
import type { HttpContent } from "./compiled-document.ts";
import type { EncodedBody } from "./encode-body.ts";
import { bareType, mediaKind } from "./media-kind.ts";
import { valueToJson } from "./value-to-json.ts";
import { entriesOf, isSent, valueToText } from "./value-to-text.ts";

interface Part {
  readonly bytes: Uint8Array;
  readonly contentType?: string;
  readonly filename?: string;
}

export function encodeMultipart(
  members: readonly (readonly [string, Value])[],
  content: HttpContent,
): EncodedBody {
  const boundary = `codemode-${randomUUID()}`;
  const chunks: Uint8Array[] = [];
  for (const [name, value] of members) {
    for (const item of itemsOf(value)) {
      const part = toPart(name, item, content.encoding?.[name]?.contentType);
      chunks.push(
        Buffer.from(`--${boundary}\r\n${headOf(name, part, content)}\r\n`),
        part.bytes,
        Buffer.from("\r\n"),
      );
    }
  }
  chunks.push(Buffer.from(`--${boundary}--\r\n`));
  return {
    bytes: Buffer.concat(chunks),
    contentType: `${bareType(content.mediaType)}; boundary=${boundary}`,
  };
}

function itemsOf(value: Value): Value[] {
  const items = value instanceof Set ? [...value] : value;
  return (Array.isArray(items) ? items : [items]).filter(isSent);
}

function toPart(name: string, value: Value, stated: string | undefined): Part {
  // A list of alternatives leaves the choice to the value.
  const contentType = stated === undefined || /[,*]/.test(stated) ? undefined : stated;
  if (value instanceof Uint8Array)
    return { bytes: value, contentType: contentType ?? "application/octet-stream", filename: name };
  const file = toFile(name, value);
  if (file !== undefined)
    return contentType === undefined || file.contentType !== undefined ? file : { ...file, contentType };
  const isJson =
    contentType === undefined ? entriesOf(value) !== undefined : mediaKind(contentType) === "json";
  const text = isJson ? valueToJson(value) : valueToText(value);
  const type = contentType ?? (isJson ? "application/json" : undefined);
  return { bytes: Buffer.from(text), ...(type !== undefined && { contentType: type }) };
}

/** `{ data, filename?, mimeType? }` with bytes or text as data. */
function toFile(name: string, value: Value): Part | undefined {
  const entries = new Map(entriesOf(value));
  const data = entries.get("data");
  if (!(data instanceof Uint8Array) && typeof data !== "string") return undefined;
  if ([...entries.keys()].some((key) => key !== "data" && key !== "filename" && key !== "mimeType"))
    return undefined;
  if (typeof data === "string" && entries.size === 1) return undefined;
  const filename = entries.get("filename");
  const mimeType = entries.get("mimeType");
  return {
    bytes: typeof data === "string" ? Buffer.from(data) : data,
    contentType: typeof mimeType === "string" ? mimeType : "application/octet-stream",
    filename: typeof filename === "string" ? filename : name,
  };
}

function headOf(name: string, part: Part, content: HttpContent): string {
  const isForm = bareType(content.mediaType) === "multipart/form-data";
  const lines = [`Content-Disposition: ${isForm ? "form-data" : "attachment"}; name="${quoted(name)}"`];
  if (part.filename !== undefined) lines[0] += `; filename="${quoted(part.filename)}"`;
  if (part.contentType !== undefined) lines.push(`Content-Type: ${checked(part.contentType)}`);
  return `${lines.join("\r\n")}\r\n`;
}

/** WHATWG HTML, "multipart/form-data encoding algorithm". */
function quoted(name: string): string {
  return name.replaceAll('"', "%22").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function checked(contentType: string): string {
  if (/^[\t\u0020-\u007E]+$/.test(contentType)) return contentType;
  throw new CodemodeError(
    "tool_arguments_invalid",
    "A file's mimeType holds characters that no header may hold.",
  );
}
