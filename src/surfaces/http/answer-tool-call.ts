/**
 * `POST /tools/<source>/<name>…` with the arguments as JSON: one call as a run of its own, under the same policy
 * and in the same record as any other. What `codemode generate openapi` describes.
 */
import { CodemodeError, toCodemodeError } from "../../errors.ts";
import { argumentsOf } from "../../json/arguments-of.ts";
import type { Codemode, RunDocument, Value } from "../../index.ts";

export type AnswerToolCall = (
  request: Request,
  segments: readonly string[],
  from: { readonly peer: string },
) => Promise<Response>;

/** 200 with the tool's answer, 409 while a person is waited for, 4xx and 5xx with `{ runId?, error }` else. */
export function createToolAnswers(codemode: Codemode): AnswerToolCall {
  return async (request, segments, { peer }) => {
    const path = segments.join(".");
    let args: Value;
    try {
      args = readArguments(await request.text());
    } catch (thrown) {
      if (thrown instanceof CodemodeError) {
        const { code, message, hint } = thrown;
        return failure(400, { code, message, hint });
      }
      return failure(400, { code: "tool_arguments_invalid", message: "The body is not valid JSON." });
    }
    try {
      const [wanted = ""] = segments;
      const { tools, troubles } = await codemode.catalog({
        signal: request.signal,
        wanted: (source) => source === wanted,
      });
      const trouble = troubles?.find(({ name }) => name === wanted);
      if (!tools.has(path) && trouble !== undefined)
        return failure(503, {
          code: "source_unavailable",
          message: `The source "${trouble.name}" offers nothing now: ${trouble.text}.`,
        });
      if (!tools.has(path))
        return failure(404, {
          code: "tool_not_found",
          message: `No tool has the path ${JSON.stringify(path)}.`,
        });
      const { document } = await codemode.call(path, args, { signal: request.signal, client: [peer] });
      return toResponse(document);
    } catch (thrown) {
      const { code, message, hint } = toCodemodeError(thrown);
      return failure(500, { code, message, hint });
    }
  };
}

function readArguments(text: string): Value {
  return text.trim() === "" ? {} : argumentsOf(text, "The body");
}

/** The answer is the tool's; what a reader must know of its numbers stands in headers, beside it. */
function toResponse({ runId, status, result, exact, inexact, error, pending }: RunDocument): Response {
  if (status === "completed")
    return Response.json(result ?? null, {
      headers: { ...pointerHeader("codemode-exact", exact), ...pointerHeader("codemode-inexact", inexact) },
    });
  if (status === "paused") {
    const message = `The run ${runId} waits for a person.`;
    return failure(
      409,
      { code: "run_paused", message, hint: `Answer it: codemode approve ${runId}.` },
      { runId, pending },
    );
  }
  const { code, message, hint } = error ?? { code: "internal", message: `The run ended as ${status}.` };
  return failure(statuses.get(code) ?? 502, { code, message, hint }, { runId });
}

/** What is the caller's doing; anything else went wrong behind this server. */
const statuses = new Map([
  ["tool_arguments_invalid", 400],
  ["snippet_type", 400],
  ["call_denied", 403],
  ["approval_rejected", 403],
  ["tool_not_found", 404],
]);

/** Some servers and proxies refuse headers beyond 8 KiB. */
const mostHeaderBytes = 4_096;

/** JSON of the pointers, in ASCII; one for all where they are too many for a header. */
function pointerHeader(
  name: string,
  pointers: readonly string[] | undefined,
): { readonly [name: string]: string } {
  if (pointers === undefined) return {};
  const json = JSON.stringify(pointers).replaceAll(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return { [name]: json.length <= mostHeaderBytes ? json : '[""]' };
}

interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
}

function failure(status: number, error: Failure, more: object = {}): Response {
  return Response.json({ ...more, error }, { status });
}
