/**
 * Turns what QuickJS says of a program that it cannot compile into an error with the model's own position.
 */
import type { GuestError } from "../../spec/engine.ts";

/** `SyntaxError: expecting ';'\n    at snippet.js:2:1` */
export function refusalToError(problem: string): GuestError {
  const [message = ""] = problem.split("\n");
  const place = /snippet\.js:(\d+):(\d+)/.exec(problem);
  if (!message.startsWith("SyntaxError: ")) {
    return { code: "internal", message: `The program could not be loaded: ${message.slice(0, 1_000)}` };
  }
  return {
    code: "snippet_syntax",
    message,
    ...(place !== null && { line: Number(place[1]), column: Number(place[2]) }),
  };
}
