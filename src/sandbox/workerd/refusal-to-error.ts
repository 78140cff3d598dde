/**
 * Turns what workerd says of a program that it cannot load into an error with the model's own position.
 */
import type { GuestError } from "../../spec/engine.ts";

/** `Error: Failed to start Worker:\nUncaught SyntaxError: Unexpected token ';'\n  at snippet.js:3:12` */
export function refusalToError(reason: string): GuestError {
  const problem = /Uncaught (SyntaxError: .*)/.exec(reason)?.[1];
  const place = /at snippet\.js:(\d+):(\d+)/.exec(reason);
  if (problem === undefined) {
    return { code: "internal", message: `The program could not be loaded: ${reason.slice(0, 1_000)}` };
  }
  return {
    code: "snippet_syntax",
    message: problem,
    // It counts lines from one and, here, columns from zero.
    ...(place !== null && { line: Number(place[1]), column: Number(place[2]) + 1 }),
  };
}
