/**
 * Percent-encoding of RFC 3986 and of HTML forms.
 */

/** Everything but letters, digits and `-._~`. A lone surrogate becomes U+FFFD. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/**
 * For `allowReserved`: reserved characters and triplets that are encoded already stay, except those that
 * would end the value where it stands: `#`, `&`, `+`, `[`, `]`.
 */
export function percentEncodeUnreserved(text: string): string {
  return text
    .split(/(%[0-9A-Fa-f]{2}|[:/?@!$'()*,;=])/)
    .map((part, index) => (index % 2 === 1 ? part : percentEncode(part)))
    .join("");
}

/** `application/x-www-form-urlencoded` (WHATWG URL, 5.2): a space is `+`. */
export function formEncode(text: string): string {
  return percentEncode(text).replaceAll("%20", "+").replaceAll("%2A", "*").replaceAll("~", "%7E");
}
