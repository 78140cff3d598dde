/**
 * Turns what QuickJS says of a program that it cannot compile into an error with the model's own position, which
 * a parser of ours knows better: QuickJS names the line of the token before and no column.
 */
import type { GuestError } from "../../spec/engine.ts";
import { findSyntaxError } from "../session/confine-imports.ts";

/** `problem`: `SyntaxError: expecting ';'\n    at snippet.js:2:1`. */
export function refusalToError(problem: string, code: string): GuestError {
  const [message = ""] = problem.split("\n");
  if (!message.startsWith("SyntaxError: ")) {
    return { code: "internal", message: `The program could not be loaded: ${message.slice(0, 1_000)}` };
  }
  const place = /snippet\.js:(\d+)/.exec(problem);
  const known: GuestError = {
    code: "snippet_syntax",
    message,
    ...(place !== null && { line: Number(place[1]) }),
  };
  return findSyntaxError(code) ?? known;
}
