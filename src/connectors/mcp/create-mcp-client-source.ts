/**
 * A source of a client that the program has connected itself: one of the official SDK, of either of its majors.
 * Reconnecting, credentials and the bounds of its transport stay with whoever connected it, and so does closing it
 * unless it is given away. So does its parser: a number that it has rounded is the number that came.
 */
import { CallError, withOutcome } from "../../call-error.ts";
import { createHash } from "node:crypto";
import { SdkErrorCode } from "@modelcontextprotocol/client";
import { CodemodeError } from "../../errors.ts";
import { rawInteger } from "../../json/raw-integer.ts";
import { isRecord } from "../../schema/is-record.ts";
import type { CallContext, Source, ToolCall, ToolOutcome } from "../../spec/source.ts";
import type { SourceIdentity } from "../../spec/source-identity.ts";
import { argsToJson } from "./args-to-json.ts";
import { pagesToListing } from "./list-tools.ts";
import { defaultMcpLimits } from "./mcp-source-options.ts";
import { resultToValue } from "./result-to-value.ts";
import { httpStatus, isSdkCode, readFailure } from "./read-failure.ts";
import { cutMessage, outcomeOfProtocolError, toToolError } from "./to-tool-error.ts";

/** What is used of a connected client. */
export interface ConnectedMcpClient {
  readonly listTools: (...args: never[]) => Promise<unknown>;
  readonly callTool: (...args: never[]) => Promise<unknown>;
  readonly close?: () => Promise<void>;
}

export interface McpClientSourceOptions {
  /** Believe what the server says of its tools' effects. Default false. */
  readonly trusted?: boolean;
  /** Close the client with the source. Default false. */
  readonly owned?: boolean;
  /** Which server it is connected to, for the records of runs. Default: nothing is known of it but that it is one. */
  readonly identity?: Omit<SourceIdentity, "kind">;
}

interface RequestBounds {
  readonly signal: AbortSignal;
  readonly timeout: number;
  readonly onprogress?: (progress: { progress: number; total?: number; message?: string }) => void;
}

const listMs = 60_000;

/** `list` and `call` throw `source_unavailable`, `source_timeout`, `source_invalid` and `tool_failed`. */
export function createMcpClientSource(
  name: string,
  client: ConnectedMcpClient,
  { trusted = false, owned = false, identity = {} }: McpClientSourceOptions = {},
): Source {
  let closed = false;
  let failure: string | undefined;

  async function guarded<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (closed)
      throw new CallError("source_unavailable", `Source "${name}" is closed.`, { outcome: "not_sent" });
    if (signal.aborted)
      throw new CallError("run_cancelled", "The call was cancelled.", { outcome: "not_sent" });
    try {
      const answer = await work();
      failure = undefined;
      return answer;
    } catch (thrown) {
      if (thrown instanceof CallError) throw thrown;
      if (signal.aborted)
        throw new CallError("run_cancelled", "The call was cancelled.", {
          cause: thrown,
          outcome: "unknown",
        });
      if (thrown instanceof CodemodeError) throw withOutcome(thrown, "unknown");
      failure = thrown instanceof Error ? thrown.message : String(thrown);
      throw toSourceError(name, failure, thrown);
    }
  }

  async function call({ upstreamName, args }: ToolCall, context: CallContext): Promise<ToolOutcome> {
    const { signal, timeoutMs, onProgress } = context;
    const bounds: RequestBounds = {
      signal,
      timeout: timeoutMs,
      ...(onProgress === undefined
        ? {}
        : {
            onprogress: ({ progress, total, message }) =>
              onProgress({
                done: progress,
                ...(total === undefined ? {} : { total }),
                ...(message === undefined ? {} : { message }),
              }),
          }),
    };
    const params = { name: upstreamName, arguments: argsToJson(upstreamName, args, integerFor(client)) };
    return guarded(signal, async () => {
      context.leaving?.();
      const answer = await requestTool(client, params, bounds).catch((thrown: unknown) => {
        throw toCallError(thrown, upstreamName);
      });
      if (!isRecord(answer))
        throw new CallError("tool_result_invalid", `"${name}" answered ${upstreamName} with no object.`, {
          outcome: "failed",
        });
      const setting = { source: name, tool: upstreamName, depth: defaultMcpLimits.depth };
      return { ...resultToValue(answer, setting), labels: [] };
    });
  }

  return {
    name,
    kind: "mcp",
    fingerprint: createHash("sha256").update(`client\n${name}\n${trusted}`).digest("hex"),
    identity: async () => ({ kind: "mcp", ...identity }),
    list: ({ signal }) =>
      guarded(signal, () =>
        pagesToListing({ name, trusted, limits: defaultMcpLimits }, async (cursor) => {
          const bounds = { signal, timeout: listMs };
          const params = cursor === undefined ? {} : { cursor };
          const page = await Reflect.apply(client.listTools, client, [params, bounds]);
          if (!isRecord(page))
            throw new CodemodeError("source_invalid", `"${name}" answered tools/list with no object.`);
          return { tools: page["tools"], nextCursor: page["nextCursor"] };
        }),
      ),
    call,
    status: () => {
      if (closed) return { state: "closed" };
      return failure === undefined ? { state: "ready" } : { state: "failed", reason: failure };
    },
    [Symbol.asyncDispose]: async () => {
      closed = true;
      if (owned) await client.close?.();
    },
  };
}

/** A server in the same process gets the arguments as they are, and never as text. */
function integerFor(client: ConnectedMcpClient): (value: bigint) => unknown {
  const transport: unknown = Reflect.get(client, "transport");
  const isInMemory =
    typeof transport === "object" && transport !== null && transport.constructor.name === "InMemoryTransport";
  return isInMemory ? (value) => (Number.isSafeInteger(Number(value)) ? Number(value) : value) : rawInteger;
}

/** Major 1 takes the schema of the answer before the options; only major 2 knows of protocol eras. */
function requestTool(
  client: ConnectedMcpClient,
  params: { readonly name: string; readonly arguments: { readonly [name: string]: unknown } },
  bounds: RequestBounds,
): Promise<unknown> {
  const second = typeof Reflect.get(client, "getProtocolEra") === "function";
  const args = second ? [params, bounds] : [params, undefined, bounds];
  return Reflect.apply(client.callTool, client, args);
}

/** An error in answer to the call is the tool's own word, whichever major's class it comes in. */
function toCallError(thrown: unknown, tool: string): unknown {
  const code = codeOf(thrown);
  const answered =
    typeof code === "number" &&
    code !== connectionClosed &&
    code !== requestTimeout &&
    httpStatus(thrown) === undefined;
  if (!answered || !(thrown instanceof Error)) return toToolError(thrown, tool);
  return new CallError("tool_failed", cutMessage(thrown.message), {
    cause: thrown,
    outcome: outcomeOfProtocolError(code),
    data: { code },
  });
}

function toSourceError(name: string, reason: string, cause: unknown): CallError {
  const code = codeOf(cause);
  const unconnected = isSdkCode(cause, SdkErrorCode.NotConnected) || reason === "Not connected";
  const { outcome } = readFailure(cause, { sent: !unconnected, session: false });
  if (code === requestTimeout || code === "REQUEST_TIMEOUT")
    return new CallError("source_timeout", `"${name}" did not answer in time.`, { cause, outcome });
  return new CallError("source_unavailable", `"${name}" could not be asked: ${reason}`, { cause, outcome });
}

/** Of major 1, which gives its own faults numbers of the protocol's range. */
const connectionClosed = -32000;
const requestTimeout = -32001;

function codeOf(thrown: unknown): unknown {
  return typeof thrown === "object" && thrown !== null ? Reflect.get(thrown, "code") : undefined;
}
