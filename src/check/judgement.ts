/**
 * What the judges of findings share: the finding with its surroundings, and the verdict in words.
 */
import type { Node } from "typescript/unstable/ast";
import type { SnippetProbe } from "./snippet-probe.ts";

/** One thing the native checker found, with what is needed to judge it. */
export interface Finding {
  readonly start: number;
  readonly end: number;
  readonly code: number;
  /** The checker's sentence, and those that explain it, outermost first. */
  readonly lines: readonly [string, ...string[]];
  /** The innermost node at `start`. */
  readonly node: Node;
  /** The text the finding is about, in one line. */
  readonly text: string;
  readonly probe: SnippetProbe;
  readonly facts: SnippetFacts;
}

/** What is known of the whole snippet. */
export interface SnippetFacts {
  /** Names of properties that the snippet assigns anywhere: `out.total = …`. */
  readonly assigned: ReadonlySet<string>;
  /** Variables that take values of several types, which JavaScript permits: their first type says nothing. */
  readonly reassigned: ReadonlySet<string>;
}

export interface Judgement {
  /** Offset in the snippet's module text. */
  readonly start: number;
  readonly severity: "error" | "warn";
  readonly message: string;
  readonly hint?: string;
  /** The source that is called and not declared. */
  readonly missingSource?: string;
}

/** Words of a verdict; where it stands is the finding's. */
export interface Verdict {
  readonly message: string;
  readonly hint?: string | undefined;
  readonly missingSource?: string | undefined;
  readonly severity?: "error" | "warn";
}

export function judge(
  { start }: Finding,
  { message, hint, missingSource, severity = "error" }: Verdict,
): Judgement {
  return {
    start,
    severity,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(missingSource === undefined ? {} : { missingSource }),
  };
}

export function shorten(text: string, length: number): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}

/** A type as the checker writes it, without what an optional property says twice. */
export function shortenType(text: string, length: number): string {
  return shorten(
    text.replaceAll(/(\?: [^;{}]+?) \| undefined(?=[;,)])/g, "$1").replaceAll(/; }/g, " }"),
    length,
  );
}

export function isPromise(typeText: string): boolean {
  return /^Promise<|^Promise$/.test(typeText);
}

/** The two types of "Type 'A' is not assignable to type 'B'", as the checker wrote them. */
export function mismatch(line: string): { readonly found: string; readonly wanted: string } | undefined {
  const match =
    /^(?:Argument of type|Type) '(.*)' is not assignable to (?:parameter of type|type) '(.*?)'\.(?: Did you mean .*)?$/s.exec(
      line,
    );
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  return { found: match[1], wanted: match[2] };
}
