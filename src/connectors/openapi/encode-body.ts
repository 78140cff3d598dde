/**
 * Writes a request body in its media type.
 */
import { CodemodeError } from "../../errors.ts";
import type { Value } from "../../spec/value.ts";
import type { HttpContent, PropertyEncoding } from "./compiled-document.ts";
import { encodeMultipart } from "./encode-multipart.ts";
import { encodePairs } from "./encode-style.ts";
import { mediaKind } from "./media-kind.ts";
import { formEncode, percentEncodeUnreserved } from "./percent-encode.ts";
import { valueToJson } from "./value-to-json.ts";
import { entriesOf, isSent, valueToText } from "./value-to-text.ts";

export interface EncodedBody {
  readonly bytes: Buffer;
  /** The `Content-Type`, with its boundary where it has one. */
  readonly contentType: string;
}

/** Throws `tool_arguments_invalid` where the value does not fit the media type. */
export function encodeBody(value: Value, content: HttpContent): EncodedBody {
  // Ranges (`*/*`, `image/*`) say what is allowed, not what this is.
  const concrete = content.mediaType.includes("*") ? undefined : content.mediaType;
  switch (mediaKind(content.mediaType)) {
    case "json":
      if (value instanceof Uint8Array) return raw(value, concrete ?? "application/octet-stream");
      return { bytes: Buffer.from(valueToJson(value)), contentType: concrete ?? "application/json" };
    case "form":
      return { bytes: Buffer.from(encodeForm(value, content)), contentType: content.mediaType };
    case "multipart":
      return encodeMultipart(membersOf(value, content), content);
    case "text":
      return raw(value, concrete ?? "text/plain");
    default:
      return raw(value, concrete ?? "application/octet-stream");
  }
}

/** Bytes and text as they are; a file's own media type counts more than a range. */
function raw(value: Value, contentType: string): EncodedBody {
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value), contentType };
  if (typeof value === "string") return { bytes: Buffer.from(value), contentType };
  throw new CodemodeError(
    "tool_arguments_invalid",
    `The body is ${contentType}, which takes text or a Uint8Array.`,
  );
}

function encodeForm(value: Value, content: HttpContent): string {
  // A body that has been written already is passed on.
  if (typeof value === "string") return value;
  const pairs = membersOf(value, content).flatMap(([name, member]) =>
    encodeField(name, member, content.encoding?.[name]),
  );
  return pairs.join("&");
}

/**
 * OpenAPI 3.1.1, "Encoding Object": with a style it is written like a query parameter; else objects are JSON
 * and lists repeat their name.
 */
function encodeField(name: string, value: Value, encoding: PropertyEncoding = {}): string[] {
  const { style, explode, allowReserved } = encoding;
  const encode = allowReserved === true ? percentEncodeUnreserved : formEncode;
  if (style !== undefined || explode !== undefined || allowReserved !== undefined) {
    const chosen = style ?? "form";
    return encodePairs(value, {
      name,
      style: chosen,
      explode: explode ?? (chosen === "form" || chosen === "deepObject"),
      encode,
    });
  }
  const items = value instanceof Set ? [...value] : value;
  const list = Array.isArray(items) ? items : [items];
  return list.filter(isSent).map((item) => `${encode(name)}=${encode(valueToText(item))}`);
}

function membersOf(value: Value, { mediaType }: HttpContent): [string, Value][] {
  const entries = entriesOf(value);
  if (entries !== undefined) return entries;
  throw new CodemodeError("tool_arguments_invalid", `The body is ${mediaType}, which takes an object.`);
}
