/**
 * Type-checks a prepared snippet and turns what the checker found into one error the model can act on: at
 * most five mistakes, each with the model's own line, a caret and the fix.
 */
import { CodemodeError, toCodemodeError } from "../errors.ts";
import type { Checker, Declarations, Diagnostic } from "../spec/check.ts";
import type { SourceTrouble } from "../spec/tool.ts";
import type { PreparedSnippet } from "./prepare.ts";

export type CheckMode = "error" | "warn" | "off";

export interface CheckSnippetOptions {
  readonly mode: CheckMode;
  readonly checker: Checker | undefined;
  readonly declarations: readonly Declarations[];
  /** Sources that are starting or down. */
  readonly troubles?: readonly SourceTrouble[] | undefined;
  readonly signal?: AbortSignal;
  /** Who asks, from the widest to the narrowest. */
  readonly client?: readonly string[];
}

const maxDiagnostics = 5;

/** Throws `snippet_type` for mistakes in mode `error`, and `snippet_unchecked`; returns warnings otherwise. */
export async function checkSnippet(
  prepared: PreparedSnippet,
  code: string,
  options: CheckSnippetOptions,
): Promise<readonly string[]> {
  const diagnostics = await diagnoseSnippet(prepared, options);
  if (typeof diagnostics === "string") return [diagnostics];
  const errors = options.mode === "error" ? diagnostics.filter((each) => each.severity === "error") : [];
  const [first] = errors;
  if (first === undefined)
    return diagnostics
      .slice(0, maxDiagnostics)
      .map((each) => `Warning of the type check: ${diagnosticToText(each, code)}`);
  const more = errors.length > maxDiagnostics ? `\n… and ${errors.length - maxDiagnostics} more.` : "";
  // One mistake has its fix as the error's hint; of several, each has its own beside it.
  const alone = errors.length === 1;
  const texts = errors.slice(0, maxDiagnostics).map((each) => diagnosticToText(each, code, !alone));
  throw new CodemodeError(
    "snippet_type",
    `The snippet does not type-check; nothing was run.\n${texts.join("\n")}${more}`,
    {
      line: first.line,
      column: first.column,
      ...(alone && first.hint !== undefined ? { hint: first.hint } : {}),
    },
  );
}

/**
 * Diagnostics at the model's own positions, or a sentence on why there was no check. In mode `error` that is only where
 * the machine has no checker: a program that is too hard for the check must not get past it by that. Throws
 * `snippet_unchecked`.
 */
export async function diagnoseSnippet(
  prepared: PreparedSnippet,
  options: CheckSnippetOptions,
): Promise<readonly Diagnostic[] | string> {
  if (options.mode === "off" || options.checker === undefined) return [];
  const { declarations, signal, client } = options;
  try {
    const found = await options.checker.check({
      code: prepared.typescript,
      declarations,
      ...(signal === undefined ? {} : { signal }),
      ...(client === undefined ? {} : { client }),
    });
    return found.map((each) => ({ ...explainMissing(each, options.troubles), ...prepared.toOriginal(each) }));
  } catch (error) {
    signal?.throwIfAborted();
    const cause = toCodemodeError(error);
    if (options.mode === "error" && cause.code !== "unsupported") throw unchecked(cause);
    return `The snippet ran unchecked: ${cause.message}`;
  }
}

function unchecked(cause: CodemodeError): CodemodeError {
  return new CodemodeError(
    "snippet_unchecked",
    `The snippet was not run, since it could not be checked. ${cause.message}`,
    {
      cause,
      hint: cause.hint ?? "Try again; if it happens again, write simpler types.",
    },
  );
}

/** A source that is there, but offers nothing now, is no slip of the model's. */
function explainMissing(diagnostic: Diagnostic, troubles: readonly SourceTrouble[] = []): Diagnostic {
  const trouble = troubles.find(({ name }) => name === diagnostic.missingSource);
  if (trouble === undefined) return diagnostic;
  return {
    ...diagnostic,
    message: `The source ${trouble.name} offers nothing now: ${trouble.text}.`,
    hint:
      trouble.state === "starting"
        ? "Try again in a moment, or do without it."
        : "Do without it, or tell the user what it says.",
  };
}

function diagnosticToText(
  { line, column, message, hint }: Diagnostic,
  code: string,
  withHint = true,
): string {
  const text = (code.split("\n")[line - 1] ?? "").replaceAll("\t", " ");
  const from = Math.max(0, column - 60);
  const shown = text.slice(from, from + 120);
  const caret = `${" ".repeat(Math.max(0, column - 1 - from))}^`;
  return `${line}:${column} ${message}\n  ${shown}\n  ${caret}${!withHint || hint === undefined ? "" : `\n  ${hint}`}`;
}
