/**
 * Which headers a snippet may never set, and which characters no header may hold.
 */

/** OpenAPI says of these that parameters of their name shall be ignored; they are set from elsewhere. */
const ignored = new Set(["accept", "content-type", "authorization"]);

/** They frame the message or speak for the host. */
const refused = new Set([
  "connection",
  "content-length",
  "cookie",
  "cookie2",
  "expect",
  "forwarded",
  "host",
  "http2-settings",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "set-cookie",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "via",
]);

export function isIgnoredHeader(name: string): boolean {
  return ignored.has(name.toLowerCase());
}

export function isRefusedHeader(name: string): boolean {
  return refused.has(name.toLowerCase()) || !isHeaderName(name);
}

/** RFC 9110, 5.6.2. */
export function isHeaderName(name: string): boolean {
  return /^[!#$%&'*+.^_`|~\w-]+$/.test(name);
}

/** RFC 9110, 5.5: visible characters, space and tab, one byte each. */
export function isHeaderValue(value: string): boolean {
  return /^[\t\u0020-\u007E\u0080-\u00FF]*$/.test(value);
}
