/**
 * Takes known secrets out of texts that are shown: a server's stderr, the body of a refused request, an
 * error's message. Results of tools are not touched by this.
 */

export type Redact = (text: string) => string;

/** Shorter ones would blank out ordinary words. */
const minLength = 6;

/** Also hides the parts of a secret that stand alone, such as the token of `Bearer <token>`. */
export function createRedactor(secrets: readonly string[]): Redact {
  const parts = secrets.flatMap((secret) => [secret, ...secret.split(/[\s=;,]+/)]);
  const hidden = [...new Set(parts)].filter((part) => part.length >= minLength);
  hidden.sort((a, b) => b.length - a.length);
  return (text) => hidden.reduce((shown, secret) => shown.replaceAll(secret, "‹hidden›"), text);
}
