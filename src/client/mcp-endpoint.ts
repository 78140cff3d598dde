/**
 * The `execute` tool of a Code Mode server over HTTP, one request for each call: no session, so that a server
 * that was started anew answers like the one before it. Nothing is sent twice.
 */
import { CodemodeError } from "../errors.ts";
import type { CallOptions, RunOutcome, ServerClientOptions } from "./client-types.ts";

export type Execute = (
  args: { readonly code: string } | { readonly resume: string },
  options: CallOptions,
) => Promise<RunOutcome>;

/** Throws `server_unreachable` when there is no answer, and when it is none of a Code Mode server. */
export function createMcpEndpoint({ url, token, headers = {}, fetch }: ServerClientOptions): Execute {
  let id = 0;

  async function send(args: object, { signal }: CallOptions): Promise<Response> {
    id += 1;
    const request = {
      method: "POST",
      headers: {
        ...headers,
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        "mcp-protocol-version": "2025-11-25",
      },
      body: JSON.stringify({
        jsonrpc: "2.0",
        id,
        method: "tools/call",
        params: { name: "execute", arguments: args },
      }),
      ...(signal === undefined ? {} : { signal }),
    };
    try {
      return await (fetch ?? globalThis.fetch)(url, request);
    } catch (cause) {
      if (signal?.aborted === true) throw cancelled(cause);
      throw unreachable(url, reasonOf(cause), cause);
    }
  }

  return async (args, options) => {
    const response = await send(args, options);
    let text: string;
    try {
      text = await response.text();
    } catch (cause) {
      if (options.signal?.aborted === true) throw cancelled(cause);
      throw unreachable(url, `the answer broke off: ${reasonOf(cause)}`, cause);
    }
    const answer = readAnswer(text, response.headers.get("content-type") ?? "");
    return toOutcome(answer, { url, status: response.status, text });
  };
}

/** The last JSON-RPC message with a result or an error: alone, or at the end of an event stream. */
function readAnswer(text: string, type: string): unknown {
  const messages = type.startsWith("text/event-stream")
    ? text.split(/\r?\n\r?\n/).map((event) =>
        event
          .split(/\r?\n/)
          .flatMap((line) => (line.startsWith("data:") ? [line.slice(5).trimStart()] : []))
          .join("\n"),
      )
    : [text];
  for (const message of messages.toReversed()) {
    const parsed = parseJson(message);
    if (isRecord(parsed) && (parsed["result"] !== undefined || parsed["error"] !== undefined)) return parsed;
  }
  return undefined;
}

interface Received {
  readonly url: string;
  readonly status: number;
  readonly text: string;
}

function toOutcome(answer: unknown, { url, status, text }: Received): RunOutcome {
  const result = isRecord(answer) ? answer["result"] : undefined;
  const meta = isRecord(result) && isRecord(result["_meta"]) ? result["_meta"] : {};
  const document = meta["codemode/run"];
  if (isOutcome(document)) {
    if (meta["codemode/cut"] === true && document.status === "completed")
      throw new CodemodeError("value_too_large", "The result is too large for one message.", {
        hint: "Call execute with a program that returns less.",
        data: { runId: document.runId },
      });
    return document;
  }
  const said = textOf(result);
  // Before there is a run, an error is text alone: `<code>: <message>`.
  if (said !== undefined) throw new CodemodeError("server_unreachable", `The server answered: ${said}`);
  const error = isRecord(answer) && isRecord(answer["error"]) ? answer["error"]["message"] : undefined;
  const reason = typeof error === "string" ? error : text.slice(0, 200);
  throw unreachable(url, `it answered with HTTP ${status}: ${reason}`, undefined);
}

function textOf(result: unknown): string | undefined {
  if (!isRecord(result) || !Array.isArray(result["content"])) return undefined;
  const [block]: readonly unknown[] = result["content"];
  return isRecord(block) && typeof block["text"] === "string" ? block["text"].slice(0, 2_000) : undefined;
}

function isOutcome(value: unknown): value is RunOutcome {
  return isRecord(value) && typeof value["runId"] === "string" && typeof value["status"] === "string";
}

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.cause instanceof Error ? `${cause.message}: ${cause.cause.message}` : cause.message;
}

function cancelled(cause: unknown): CodemodeError {
  return new CodemodeError("run_cancelled", "The call was cancelled.", { cause });
}

function unreachable(url: string, reason: string, cause: unknown): CodemodeError {
  return new CodemodeError("server_unreachable", `The Code Mode server at ${url} cannot be used: ${reason}`, {
    hint: "Start it with codemode serve, and give its endpoint and token.",
    ...(cause === undefined ? {} : { cause }),
  });
}
