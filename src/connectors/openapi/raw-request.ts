/**
 * The tool `request`: any method and path of the API, for what its document forgot. Off unless the operator
 * asks for it, since a policy cannot tell what such a call does; it therefore counts as destructive.
 */
import { CodemodeError } from "../../errors.ts";
import type { ToolDefinition } from "../../spec/tool.ts";
import type { Value } from "../../spec/value.ts";
import { encodeBody } from "./encode-body.ts";
import { encodePairs } from "./encode-style.ts";
import { isHeaderValue, isIgnoredHeader, isRefusedHeader } from "./header-rules.ts";
import type { HttpRequest } from "./http-request.ts";
import { isMediaType } from "./media-kind.ts";
import { percentEncode } from "./percent-encode.ts";
import { entriesOf, isSent, valueToText } from "./value-to-text.ts";

export const rawRequestName = "request";

const methods = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"];

export const rawRequestTool: ToolDefinition = {
  upstreamName: rawRequestName,
  name: [rawRequestName],
  description:
    "Sends any request to this API, for what has no tool of its own. Credentials are added as for every other call.",
  effect: "destructive",
  input: {
    type: "object",
    properties: {
      method: { enum: methods },
      path: { type: "string", description: "Path below the API's base URL, such as /users/42; no query." },
      query: { type: "object", description: "Lists repeat their name." },
      headers: { type: "object", additionalProperties: { type: "string" } },
      body: { description: "JSON unless contentType says otherwise." },
      contentType: { type: "string" },
    },
    required: ["method", "path"],
    additionalProperties: false,
  },
  output: {
    type: "object",
    properties: {
      status: { type: "integer" },
      headers: { type: "object", additionalProperties: { type: "string" } },
      body: {},
    },
    required: ["status", "headers", "body"],
  },
  raw: { method: "*", path: "*" },
};

/** Throws `tool_arguments_invalid`. */
export function encodeRawRequest(given: Value): HttpRequest {
  const args = new Map(entriesOf(given));
  const method = methods.find((known) => known === args.get("method"));
  const path = args.get("path");
  if (method === undefined) throw invalid(`The method must be one of ${methods.join(", ")}.`);
  if (typeof path !== "string") throw invalid('The argument "path" is required.');
  const headers = headersOf(args.get("headers"));
  const body = args.get("body");
  const mediaType = args.get("contentType") ?? "application/json";
  if (typeof mediaType !== "string" || !isMediaType(mediaType))
    throw invalid('"contentType" is no media type.');
  const encoded = body === undefined ? undefined : encodeBody(body, { mediaType });
  if (encoded !== undefined) headers.set("content-type", encoded.contentType);
  return {
    method,
    path: checkedPath(path),
    query: (entriesOf(args.get("query")) ?? []).flatMap(([name, value]) =>
      encodePairs(value, { name, style: "form", explode: true, encode: percentEncode }),
    ),
    headers,
    cookies: [],
    ...(encoded !== undefined && { body: encoded.bytes }),
  };
}

/** Encoded as it is or to be encoded; never one that a server might read as another. */
function checkedPath(path: string): string {
  if (!path.startsWith("/") || path.startsWith("//")) throw invalid("The path must start with one slash.");
  if (/[\\?#\p{Cc}]|%(?:2f|5c|00)/iu.test(path))
    throw invalid("The path holds a character that no path may hold; put parameters in query.");
  const segments = path.split("/").slice(1);
  if (segments.some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment)))
    throw invalid("The path may not step up or down.");
  return `/${segments.map((segment) => (/^[\w\-.~!$&'()*+,;=:@%]*$/.test(segment) ? segment : percentEncode(segment))).join("/")}`;
}

function headersOf(given: Value): Map<string, string> {
  const headers = new Map([["accept", "application/json, */*;q=0.5"]]);
  for (const [name, value] of entriesOf(given) ?? []) {
    const text = valueToText(value);
    const own = name.toLowerCase() === "accept" || !isIgnoredHeader(name);
    if (!own || isRefusedHeader(name)) throw invalid(`The header "${name}" cannot be set.`);
    if (!isSent(value) || !isHeaderValue(text))
      throw invalid(`The header "${name}" holds a character that no header may hold.`);
    headers.set(name.toLowerCase(), text);
  }
  return headers;
}

function invalid(message: string): CodemodeError {
  return new CodemodeError("tool_arguments_invalid", message);
}
