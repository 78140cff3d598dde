/**
 * Writes the snippet that makes one tool call, so that a single call takes the same way as any program.
 */
import type { Value } from "../spec/value.ts";

/** `github.issues.create` and its arguments (JSON only) → a one-line snippet. */
export function toCallSnippet(path: string, args: Value): string {
  const segments = path.replace(/^tools\./, "").split(".");
  const access = segments.map((segment) => `[${JSON.stringify(segment)}]`).join("");
  // Parsed from a string: in an object literal the key "__proto__" would set the prototype.
  return `return await tools${access}(JSON.parse(${JSON.stringify(JSON.stringify(args ?? {}))}))`;
}
