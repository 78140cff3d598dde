/**
 * What a `format` refuses. By the specification a format is a note, and real documents use it loosely
 * (`date-time` where a bare date is taken, `ipv4` where a network is meant); so only a text that no reader
 * of the format could take is refused. Every test is linear in the text.
 */

interface Format {
  readonly expected: string;
  accepts(text: string): boolean;
}

const day = String.raw`\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])`;
const dateTime = new RegExp(
  String.raw`^${day}(?:[Tt ]\d{2}:?\d{2}(?::?\d{2}(?:[.,]\d{1,12})?)?(?: ?(?:[Zz]|[+-]\d{2}(?::?\d{2})?))?)?$`,
);
const uuid = /^(?:urn:uuid:)?\{?[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\}?$/i;
const formats = new Map<string, Format>([
  [
    "date-time",
    {
      expected: "an ISO 8601 date and time such as 2026-01-31T09:00:00Z",
      accepts: (text) => dateTime.test(text),
    },
  ],
  ["date", { expected: "an ISO 8601 date such as 2026-01-31", accepts: (text) => dateTime.test(text) }],
  [
    "uuid",
    { expected: "a UUID such as 123e4567-e89b-12d3-a456-426614174000", accepts: (text) => uuid.test(text) },
  ],
  ["email", { expected: "an e-mail address", accepts: isEmailLike }],
  ["uri", { expected: "an absolute URI such as https://example.com/", accepts: isUriLike }],
]);

/** What was expected, when `text` cannot be read as `format`; `undefined` when it can, or nobody knows the format. */
export function formatExpectation(format: string, text: string): string | undefined {
  const known = formats.get(format);
  return known === undefined || known.accepts(text) ? undefined : known.expected;
}

/** Formats and keywords by which a schema says that a string stands for bytes. */
export function isBinaryString(schema: { readonly [keyword: string]: unknown }): boolean {
  const format = schema["format"];
  if (format === "binary" || format === "byte" || format === "base64" || format === "base64url") return true;
  return schema["contentEncoding"] !== undefined || schema["contentMediaType"] !== undefined;
}

function isEmailLike(text: string): boolean {
  const at = text.lastIndexOf("@");
  return at > 0 && at < text.length - 1;
}

function isUriLike(text: string): boolean {
  return /^[a-z][a-z0-9+.-]{0,63}:\S/i.test(text) || text.includes("{");
}
