/**
 * Turns validated arguments into an HTTP request. Pure: no server, no secret, nothing sent.
 */
import { CodemodeError } from "../../errors.ts";
import type { Value } from "../../spec/value.ts";
import type { HttpOperation, HttpParameter } from "./compiled-document.ts";
import { encodeBody } from "./encode-body.ts";
import { encodePath, splitPath } from "./encode-path.ts";
import { encodePairs, encodeText } from "./encode-style.ts";
import { isHeaderValue, isRefusedHeader } from "./header-rules.ts";
import type { HttpRequest } from "./http-request.ts";
import { mediaKind } from "./media-kind.ts";
import { percentEncode, percentEncodeUnreserved } from "./percent-encode.ts";
import { valueToJson } from "./value-to-json.ts";
import { entriesOf, isSent, valueToText } from "./value-to-text.ts";

/** Throws `tool_arguments_invalid`, naming the argument. */
export function encodeRequest(operation: HttpOperation, given: Value): HttpRequest {
  const args = new Map(entriesOf(given ?? {}));
  const headers = new Map<string, string>([["accept", acceptOf(operation, args)]]);
  const query: string[] = [...splitPath(operation.path).query];
  const cookies: string[] = [];
  for (const parameter of operation.parameters) {
    const value = args.get(parameter.key);
    if (!isSent(value)) {
      if (parameter.required && parameter.place !== "path") throw missing(parameter.key);
      continue;
    }
    if (parameter.place === "query") query.push(...pairsOf(parameter, value));
    if (parameter.place === "cookie") cookies.push(...pairsOf(parameter, value));
    if (parameter.place === "header") addHeader(headers, parameter, value);
  }
  const body = bodyOf(operation, args);
  if (body !== undefined) headers.set("content-type", body.contentType);
  return {
    method: operation.method,
    path: encodePath(operation, args),
    query,
    headers,
    cookies,
    ...(body !== undefined && { body: body.bytes }),
  };
}

function acceptOf({ accepts, acceptKey }: HttpOperation, args: ReadonlyMap<string, Value>): string {
  const chosen = acceptKey === undefined ? undefined : args.get(acceptKey);
  const known = accepts.find((type) => type === chosen);
  if (known !== undefined) return known;
  const [first] = accepts;
  return first === undefined || first === "*/*" ? "application/json, */*;q=0.5" : `${first}, */*;q=0.5`;
}

function pairsOf(parameter: HttpParameter, value: Value): string[] {
  const encode = parameter.allowReserved === true ? percentEncodeUnreserved : percentEncode;
  if (parameter.mediaType === undefined) return encodePairs(value, { ...parameter, encode });
  return [`${encode(parameter.name)}=${encode(contentOf(parameter.mediaType, value))}`];
}

function contentOf(mediaType: string, value: Value): string {
  return mediaKind(mediaType) === "json" ? valueToJson(value) : valueToText(value);
}

function addHeader(headers: Map<string, string>, parameter: HttpParameter, value: Value): void {
  const { name, key, mediaType } = parameter;
  if (isRefusedHeader(name)) {
    throw new CodemodeError(
      "tool_arguments_invalid",
      `The header "${name}" belongs to the connection and cannot be set.`,
    );
  }
  const text =
    mediaType === undefined
      ? encodeText(value, { ...parameter, encode: (part) => part })
      : contentOf(mediaType, value);
  if (text === undefined) return;
  if (!isHeaderValue(text)) {
    throw new CodemodeError(
      "tool_arguments_invalid",
      `The header "${key}" holds a character that no header may hold.`,
      {
        hint: "Line breaks, control characters and letters beyond Latin-1 cannot be sent in a header.",
      },
    );
  }
  headers.set(name.toLowerCase(), text.trim());
}

function bodyOf({ body }: HttpOperation, args: ReadonlyMap<string, Value>) {
  if (body === undefined) return undefined;
  const value = args.get(body.key);
  const chosen = body.contentTypeKey === undefined ? undefined : args.get(body.contentTypeKey);
  const content = body.contents.find((one) => one.mediaType === chosen) ?? body.contents[0];
  if (value === undefined || content === undefined) {
    if (body.required) throw missing(body.key);
    return undefined;
  }
  return encodeBody(value, content);
}

function missing(key: string): CodemodeError {
  return new CodemodeError("tool_arguments_invalid", `The argument "${key}" is required.`);
}
