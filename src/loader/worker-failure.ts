/**
 * Makes errors of what a worker says of its own failures, and of how it ended. A worker never poses as the host: only
 * codes that it can cause by itself are taken from it.
 */
import { CodemodeError, type ErrorCode } from "../errors.ts";
import type { GuestError } from "../spec/engine.ts";

const ownCodes: readonly ErrorCode[] = [
  "call_limit",
  "entrypoint_not_found",
  "timer_limit",
  "unsupported",
  "value_too_large",
  "value_unsupported",
];
const maxMessage = 16_000;

/** `nameModules` gives the worker's own names of its modules. */
export function toWorkerError(failure: unknown, nameModules: (text: string) => string): CodemodeError {
  const fields: { readonly [field: string]: unknown } = Object(failure);
  const text = (field: string): string => {
    const value: unknown = Object.hasOwn(fields, field) ? fields[field] : undefined;
    return typeof value === "string" ? value.slice(0, maxMessage) : "";
  };
  const code = ownCodes.find((each) => each === text("code"));
  const name = text("name");
  const message = code !== undefined || name === "" ? text("message") : `${name}: ${text("message")}`;
  const place = /\bworker-(\d+)\.js:(\d+):(\d+)/.exec(text("stack"));
  return new CodemodeError(code ?? "worker_threw", message, {
    ...(place !== null && { line: Number(place[2]), column: Number(place[3]) }),
    data: {
      name,
      ...(place !== null && { module: nameModules(`worker-${place[1]}.js`) }),
      stack: nameModules(workerFrames(text("stack"))),
    },
  });
}

/** Frames of the worker's own modules. */
function workerFrames(stack: string): string {
  return stack
    .split("\n")
    .filter((line) => line.includes("worker-"))
    .join("\n");
}

/** How the run of a worker ended, as an error of the worker. */
export function toEndError(error: GuestError, nameModules: (text: string) => string): CodemodeError {
  const code = error.code === "snippet_threw" ? "worker_threw" : error.code;
  return new CodemodeError(code, nameModules(error.message), {
    ...(error.hint !== undefined && { hint: error.hint }),
  });
}
