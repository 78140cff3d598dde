/**
 * Finds the model's own lines in a stack. Everything that is not the snippet is left out: harness and engine
 * are no business of whoever reads the error.
 */

export interface Position {
  /** One-based. */
  readonly line: number;
  readonly column: number;
}

const place = /snippet\.js:(\d+):(\d+)/;

/** Where in the snippet the error was made, if anywhere. */
export function snippetPosition(error: unknown): Position | undefined {
  const found = place.exec(stackOf(error));
  return found === null ? undefined : { line: Number(found[1]), column: Number(found[2]) };
}

/** The stack's lines inside the snippet: `    at name (snippet.js:3:9)`. */
export function snippetFrames(error: unknown): string[] {
  return stackOf(error)
    .split("\n")
    .filter((line) => /^\s+at /.test(line) && place.test(line))
    .map((line) =>
      line.replace("Module.default", "snippet").replace(/\((?:[^()\s]*\/)?(snippet\.js:)/, "($1"),
    );
}

function stackOf(error: unknown): string {
  try {
    const stack: unknown = error instanceof Error ? error.stack : undefined;
    return typeof stack === "string" ? stack.slice(0, 20_000) : "";
  } catch {
    return "";
  }
}
