/**
 * The secrets that were sent somewhere, and the one function that takes them out of what comes back, in every spelling.
 * What is secret in a configuration is decided elsewhere, and so is where this is applied.
 */
import { redactError } from "./redact-error.ts";
import { redactValue } from "./redact-value.ts";
import { createSecretFinder, type SecretFinder } from "./secret-finder.ts";

export interface Secrets {
  /** Remembers secrets that are about to be sent. Those shorter than six characters are not looked for. */
  add(secrets: Iterable<string>): void;
  /** The text without them. */
  readonly text: (text: string) => string;
  /** A text that was cut, where its ends may be a part of one. */
  readonly cut: (text: string) => string;
  /** The value without them, keys included; the same value where it holds none. */
  readonly value: <T>(value: T) => T;
  /** The same error, with everything that it carries made harmless. */
  readonly error: <T>(thrown: T) => T;
}

/** Shorter ones would blank out ordinary words: what is this short is no secret worth the name. */
export const minSecretLength = 6;
export const hiddenMark = "‹hidden›";

/** Of one source: renewed tokens come and go, and the oldest are no longer good. */
const maxSecrets = 1_000;
/** Longer ones are looked for piece by piece. */
const pieceLength = 256;
/** A beginning or an end shorter than this tells nothing. */
const minEdge = 4;

export function createSecrets(initial: Iterable<string> = []): Secrets {
  const known = new Set<string>();
  let finder: SecretFinder | undefined;

  const add = (secrets: Iterable<string>): void => {
    for (const secret of secrets) {
      for (const piece of toPieces(secret)) {
        if (!known.delete(piece)) finder = undefined;
        known.add(piece);
      }
    }
    for (const oldest of known) {
      if (known.size <= maxSecrets) break;
      known.delete(oldest);
      finder = undefined;
    }
  };
  add(initial);

  const text = (given: string): string => {
    if (known.size === 0 || given.length < minSecretLength) return given;
    finder ??= createSecretFinder(known);
    const used = finder;
    let found = used.find(given, 0);
    if (found === undefined) return given;
    const parts: string[] = [];
    let at = 0;
    for (; found !== undefined; found = used.find(given, at)) {
      // What follows at once is the next piece of the same.
      if (found.start > at || parts.length === 0) parts.push(given.slice(at, found.start), hiddenMark);
      at = found.end;
    }
    return parts.join("") + given.slice(at);
  };
  const value = <T>(given: T): T =>
    known.size === 0 ? given : redactValue(given, { text, isSecretNumber: (digits) => known.has(digits) });
  return {
    add,
    text,
    cut: (given) => hideEdges(text(given), [...known]),
    value,
    error: (thrown) => (known.size === 0 ? thrown : redactError(thrown, { text, value })),
  };
}

function toPieces(secret: string): string[] {
  if (secret.length < minSecretLength) return [];
  const pieces: string[] = [];
  // A rest that is too short to be looked for stays with the piece before it.
  for (let at = 0; at < secret.length;) {
    const rest = secret.length - at - pieceLength;
    const end = rest < minSecretLength ? secret.length : at + pieceLength;
    pieces.push(secret.slice(at, end));
    at = end;
  }
  return pieces;
}

function hideEdges(text: string, secrets: readonly string[]): string {
  let [start, end] = [0, text.length];
  for (const secret of secrets) {
    for (let length = Math.min(secret.length - 1, text.length); length >= minEdge; length -= 1) {
      if (text.length - length < end && text.endsWith(secret.slice(0, length))) end = text.length - length;
      if (length > start && text.startsWith(secret.slice(-length))) start = length;
    }
  }
  if (start >= end) return start === 0 && end === text.length ? text : hiddenMark;
  return `${start > 0 ? hiddenMark : ""}${text.slice(start, end)}${end < text.length ? hiddenMark : ""}`;
}
