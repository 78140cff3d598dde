/**
 * Tells property names that a program states from those that are data (ids, dates, addresses, paths): the
 * names of a dictionary belong to whoever filled it and are never learned.
 */

const dataLike: readonly RegExp[] = [
  /^[-+]?\d/,
  /[\s/\\@:.,;=+#%&?!<>|"'`()[\]{}*~^]/,
  /^[0-9a-f]{8}-[0-9a-f]{4}-/i,
  /^(?=.*\d)[0-9a-f]{8,}$/i,
  /^(?=.*\d)[A-Z0-9]{6,}$/,
  /^[A-Za-z]+-\d+$/,
  /^(?=(?:.*\d){3})[A-Za-z0-9_-]{16,}$/,
  /[^\u0020-\u024f]/,
];
const maxNameLength = 60;

export function isDataKey(key: string): boolean {
  return key === "" || key.length > maxNameLength || dataLike.some((pattern) => pattern.test(key));
}

const sensitive =
  /pass(?:word|wd|phrase|code)|secret|token|api_?-?key|access_?-?key|private_?-?key|auth|cookie|credential|session|signature|bearer|jwt|\bpin\b|cvv|cvc|ssn|iban|card_?-?number/i;

/** A name of which nothing but the value's type is learned, not even the names inside it. */
export function isSensitiveKey(key: string): boolean {
  return sensitive.test(key);
}
