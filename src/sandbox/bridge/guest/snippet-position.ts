/**
 * Finds the model's own lines in a stack. Everything that is not the snippet is left out: harness and engine
 * are no business of whoever reads the error.
 */

export interface Position {
  /** One-based. */
  readonly line: number;
  readonly column: number;
}

/** V8's own, which QuickJS has as well. */
interface TracingErrors {
  readonly captureStackTrace: (holder: object, below: object) => void;
  readonly stackTraceLimit: number;
}

const tracing: ErrorConstructor & Partial<TracingErrors> = Error;
const capture = tracing.captureStackTrace;
/** More digits are no line of a snippet, whoever wrote the stack. */
const place = /snippet\.js:(\d{1,9}):(\d{1,9})(?!\d)/;

/** Where in the snippet the error was made, if anywhere. */
export function snippetPosition(error: unknown): Position | undefined {
  const found = place.exec(stackOf(error));
  return found === null ? undefined : { line: Number(found[1]), column: Number(found[2]) };
}

/** The stack's lines inside the snippet: `    at name (snippet.js:3:9)`. */
export function snippetFrames(error: unknown): string[] {
  return stackLines(stackOf(error));
}

function stackLines(stack: string): string[] {
  return stack
    .split("\n")
    .filter((line) => /^\s+at /.test(line) && place.test(line))
    .map((line) =>
      line.replace("Module.default", "snippet").replace(/\((?:[^()\s]*\/)?(snippet\.js:)/, "($1"),
    );
}

/**
 * The stack's line in the snippet that called `below`, or an empty text. Taken at every call: one frame, made
 * into text, costs a third of what a whole stack does that is never read.
 */
export function callSite(below: object): string {
  const holder = { stack: "" };
  const limit = tracing.stackTraceLimit;
  Reflect.set(Error, "stackTraceLimit", 1);
  capture?.(holder, below);
  Reflect.set(Error, "stackTraceLimit", limit);
  const stack: unknown = holder.stack;
  const [line] =
    typeof stack === "string" && place.test(stack) ? stackLines(stack) : snippetFrames(new Error("call"));
  return line ?? "";
}

/** Where a line of a stack is. */
export function siteLine(site: string): number | undefined {
  const found = place.exec(site)?.[1];
  return found === undefined ? undefined : Number(found);
}

function stackOf(error: unknown): string {
  try {
    const stack: unknown = error instanceof Error ? error.stack : undefined;
    return typeof stack === "string" ? stack.slice(0, 20_000) : "";
  } catch {
    return "";
  }
}
