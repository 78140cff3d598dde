/**
 * Blanks out TypeScript's types and keeps every position. Syntax that would need code to be generated
 * (enums, namespaces) is refused with what to write instead.
 */
import { createRequire } from "node:module";
import type * as Swc from "@swc/wasm-typescript";
import { CodemodeError } from "../errors.ts";
import { tooNested } from "./recover-intent.ts";

const require = createRequire(import.meta.url);
let swc: typeof Swc | undefined;

interface SwcError {
  readonly code: string;
  readonly message: string;
  readonly startLine?: number;
  readonly startColumn?: number;
}

/** JavaScript of the same length and lines. Throws `snippet_syntax` with the position in `typescript`. */
export function stripTypes(typescript: string): string {
  try {
    swc ??= loadSwc();
    return swc.transformSync(typescript, { mode: "strip-only", module: true }).code;
  } catch (error) {
    if (isSwcError(error)) throw toSyntaxError(error);
    // A stack overflow leaves the WebAssembly instance's memory broken for every later snippet.
    swc = undefined;
    throw tooNested(error);
  }
}

/** A fresh instance: the package makes one when it is evaluated, so its cached module is dropped first. */
function loadSwc(): typeof Swc {
  const path = require.resolve("@swc/wasm-typescript");
  delete require.cache[path];
  return require(path) as typeof Swc;
}

function isSwcError(error: unknown): error is SwcError {
  return (
    typeof error === "object" &&
    error !== null &&
    !(error instanceof Error) &&
    "message" in error &&
    "code" in error
  );
}

function toSyntaxError(error: SwcError): CodemodeError {
  const position =
    error.startLine === undefined ? {} : { line: error.startLine, column: (error.startColumn ?? 0) + 1 };
  const message = error.message
    .replace(/ in strip-only mode\.?$/, " here")
    .replace(/ in type strip mode/, " here");
  const hint = /enum/.test(message)
    ? 'Use a const object or a union of strings: type Color = "red" | "green".'
    : /namespace|module/.test(message)
      ? "Use plain functions and objects."
      : undefined;
  return new CodemodeError("snippet_syntax", message, {
    ...position,
    ...(hint === undefined ? {} : { hint }),
  });
}
