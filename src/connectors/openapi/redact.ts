/**
 * Takes known secrets out of what an API answers, since some echo what they were sent.
 */

export type Redact = (text: string) => string;

/** Shorter ones would blank out ordinary words. */
const minLength = 6;

export function createRedact(secrets: Iterable<string>): Redact {
  const hidden = new Set<string>();
  for (const secret of secrets) {
    for (const part of [secret, ...secret.split(/\s+/)]) {
      if (part.length < minLength) continue;
      hidden.add(part);
      hidden.add(encodeURIComponent(part));
      hidden.add(JSON.stringify(part).slice(1, -1));
    }
  }
  const longestFirst = [...hidden].sort((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((shown, secret) => shown.replaceAll(secret, "‹hidden›"), text);
}
