/**
 * Requests and responses as the data that crosses, both ways. What comes from a worker is checked here before anything
 * is made of it.
 */
import { CodemodeError } from "../errors.ts";
import type { Value } from "../spec/value.ts";

/** Belong to the connection, which is the host's. */
const ofConnection = new Set([
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);
const withoutBody = new Set([204, 205, 304]);

/** Throws `value_too_large` for a body of more than `maxBytes`. */
export async function requestToRecord(request: Request, maxBytes: number): Promise<Value> {
  const body = request.body === null ? null : await readBody(request, maxBytes);
  return { method: request.method, url: request.url, headers: toPairs(request.headers), body };
}

export async function responseToRecord(response: unknown, maxBytes: number): Promise<Value> {
  if (!(response instanceof Response)) throw new TypeError("globalOutbound answered with no Response.");
  const { status, statusText, headers } = response;
  if (status < 200) throw new TypeError(`globalOutbound answered with status ${status}.`);
  const body = response.body === null ? null : await readBody(response, maxBytes);
  // The bytes are as they were decoded.
  const pairs = toPairs(headers).filter(([name]) => name !== "content-encoding" && name !== "content-length");
  return { status, statusText, headers: pairs, body: withoutBody.has(status) ? null : body };
}

/** A worker's request, as its `globalOutbound` gets it. Throws `value_unsupported`. */
export function recordToRequest(record: unknown, signal: AbortSignal): Request {
  return checked("request", () => {
    const { method, url, headers, body } = fieldsOf(record);
    const target = new URL(text(url));
    if (target.protocol !== "http:" && target.protocol !== "https:")
      throw new TypeError("its URL is not of HTTP");
    if (target.username !== "" || target.password !== "") throw new TypeError("its URL holds credentials");
    const kept = new Headers(pairs(headers).filter(([name]) => !ofConnection.has(name.toLowerCase())));
    // Each hop is a request of its own, so that what refuses an address sees all of them.
    return new Request(target, {
      method: text(method),
      headers: kept,
      body: bytes(body),
      redirect: "manual",
      signal,
    });
  });
}

/** A worker's response. Throws `value_unsupported`. */
export function recordToResponse(record: unknown): Response {
  return checked("response", () => {
    const { status, statusText, headers, body } = fieldsOf(record);
    return new Response(bytes(body), {
      status: Number(status),
      statusText: text(statusText),
      headers: pairs(headers),
    });
  });
}

async function readBody(message: Request | Response, maxBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of message.body ?? []) {
    size += part.length;
    if (size > maxBytes)
      throw new CodemodeError("value_too_large", `The body has more than ${maxBytes} bytes.`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function toPairs(headers: Headers): [string, string][] {
  return [...headers];
}

function checked<T>(what: string, make: () => T): T {
  try {
    return make();
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new CodemodeError("value_unsupported", `The worker's ${what} is none: ${reason.slice(0, 500)}.`);
  }
}

function fieldsOf(record: unknown): { readonly [field: string]: unknown } {
  if (typeof record !== "object" || record === null || record instanceof Map || record instanceof Set)
    throw new TypeError("it is no record");
  return Object.fromEntries(Object.entries(record));
}

function text(value: unknown): string {
  if (typeof value !== "string") throw new TypeError("a field is no text");
  return value;
}

function pairs(value: unknown): [string, string][] {
  if (!Array.isArray(value)) throw new TypeError("its headers are no list");
  return value.map((pair: unknown) => {
    if (!Array.isArray(pair)) throw new TypeError("a header is no pair");
    return [text(pair[0]), text(pair[1])];
  });
}

function bytes(value: unknown): Uint8Array<ArrayBuffer> | null {
  if (value === null || value === undefined) return null;
  if (!(value instanceof Uint8Array)) throw new TypeError("its body is no bytes");
  return new Uint8Array(value);
}
