/**
 * Writes the snippet that makes one tool call, so that a single call takes the same way as any program.
 */
import type { Value } from "../spec/value.ts";
import { valueToCode } from "./value-to-code.ts";

/** `github.issues.create` and its arguments → a one-line snippet. */
export function toCallSnippet(path: string, args: Value): string {
  const segments = path.replace(/^tools\./, "").split(".");
  const access = segments.map((segment) => `[${JSON.stringify(segment)}]`).join("");
  return `return await tools${access}(${valueToCode(args ?? {})})`;
}
