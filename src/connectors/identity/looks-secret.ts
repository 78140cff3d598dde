/**
 * Tells texts that may be secrets from those that may be shown, by name and by look. When in doubt it is a secret.
 */

const secretName =
  /key|token|secret|passw|pwd|auth|cred|cookie|session|private|signature|dsn|webhook|connection.?string|database.?url|\bpat\b|_pat$/i;
const knownSecret =
  /^(sk|pk|rk)[-_]|^gh[opsu]_|^github_pat_|^glpat-|^xox[a-z]-|^(AKIA|ASIA|AIza|ATATT|ya29\.|eyJ|SG\.)|^(hf|npm|pypi|shpat|lin_api|ntn|figd|secret|dop_v1)[-_]/;

/** `key` is the name of the flag, variable, header or parameter that the value stands under; empty for none. */
export function looksSecret(key: string, value: string): boolean {
  if (value === "" || hasReference(value)) return false;
  if (/^(true|false|yes|no|on|off|\d{1,5})$/i.test(value)) return false;
  if (isSecretName(key) || knownSecret.test(value)) return true;
  return URL.canParse(value) ? isSecretUrl(value) : isRandom(value);
}

export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

/** Credentials travel in user information, in parameters, and in the paths of personal endpoints. */
export function isSecretUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || hasReference(text)) return false;
  if (url.username !== "" || url.password !== "") return true;
  if ([...url.searchParams].some(([key, value]) => looksSecret(key, value))) return true;
  return url.pathname.split("/").some(isRandom);
}

/** Long, of one piece, of letters and digits mixed: no word, path, version or package name looks like that. */
export function isRandom(value: string): boolean {
  if (value.length < 20 || !/^[A-Za-z0-9+=_~.-]+$/.test(value)) return false;
  const mixed = /\d/.test(value) && /[A-Za-z]/.test(value);
  const words = value.split(/[-_.]/).every((part) => /^([a-z]+|[A-Z]+|[A-Z][a-z]+|\d{1,4})$/.test(part));
  return mixed && !words;
}

export function hasReference(text: string): boolean {
  return text.includes("${");
}
