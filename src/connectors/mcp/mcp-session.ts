/**
 * One connection to one server: asks for pages of tools and calls them, raw answers in both cases, and says
 * when it has ended. When to open one and what answers mean is left to others.
 */
import {
  ProtocolError,
  SdkErrorCode,
  SseError,
  StreamableHTTPClientTransport,
  type Client,
} from "@modelcontextprotocol/client";
import { CallError, toCallError, withOutcome, type CallOutcome } from "../../call-error.ts";
import { CodemodeError } from "../../errors.ts";
import type { CallContext } from "../../spec/source.ts";
import { completeInput, type InputAnswers } from "./complete-input.ts";
import { Exchange, exchangeKey } from "./exchange.ts";
import { keepListening } from "./keep-listening.ts";
import type { McpSettings } from "./mcp-source-options.ts";
import type { MessageGate } from "./message-gate.ts";
import { anything } from "./permissive-schemas.ts";
import type { ProcessTransport } from "./process-transport.ts";
import { isSdkCode, readFailure } from "./read-failure.ts";
import type { ResolvedEntry } from "./resolve-entry.ts";
import { tellingLines } from "./telling-lines.ts";
import { toSourceError } from "./to-source-error.ts";
import { toToolError } from "./to-tool-error.ts";

interface McpSessionParts {
  readonly settings: McpSettings;
  readonly entry: ResolvedEntry;
  readonly client: Client;
  readonly gate: MessageGate;
  readonly process?: ProcessTransport;
  readonly transport: "stdio" | "http" | "sse";
}

interface RequestBounds {
  readonly signal: AbortSignal;
  /** For what is said of it when it was too short. */
  readonly timeoutMs: number;
  /** Epoch milliseconds at which it is over. */
  readonly until: number;
  readonly maxBytes: number;
}

export interface ToolRequest {
  readonly name: string;
  readonly args: { readonly [name: string]: unknown };
  readonly traceparent?: string | undefined;
  readonly onProgress?: CallContext["onProgress"];
  readonly leaving?: CallContext["leaving"];
  readonly relay?: CallContext["relay"];
  /** The tool's schema, where some of its arguments travel as HTTP headers too. */
  readonly inputSchema?: { readonly [keyword: string]: unknown } | undefined;
}

interface Answer {
  readonly result: { readonly [key: string]: unknown };
  /** JSON pointers of numbers in it that are not what the server wrote. */
  readonly inexact: readonly string[];
}

const farewellMs = 1_000;

export class McpSession {
  readonly client: Client;
  readonly gate: MessageGate;
  readonly process: ProcessTransport | undefined;
  readonly transport: "stdio" | "http" | "sse";
  readonly entry: ResolvedEntry;
  onListChanged: (() => void) | undefined;
  /** Called once, when the connection has ended without `close` being asked for. */
  onEnded: ((reason: CodemodeError) => void) | undefined;
  inFlight = 0;
  usedAt = Date.now();
  readonly startedAt = Date.now();
  readonly #settings: McpSettings;
  readonly #ending = new AbortController();
  #retiring = false;
  #closing: Promise<void> | undefined;

  constructor({ settings, entry, client, gate, process, transport }: McpSessionParts) {
    this.#settings = settings;
    this.entry = entry;
    this.client = client;
    this.gate = gate;
    this.process = process;
    this.transport = transport;
    gate.onListChanged = () => this.onListChanged?.();
  }

  get ended(): boolean {
    return this.#ending.signal.aborted;
  }

  /** To be called once the handshake is done. */
  connected(): void {
    if (this.process !== undefined) this.process.connected = true;
    const over = () => this.end(this.#error(undefined, { doing: "idle", outcome: "unknown" }));
    Object.assign(this.client, {
      onclose: over,
      onerror: (error: Error) => {
        // The stream of answers would be opened again, to a server that knows nothing of this connection.
        if (error instanceof SseError) over();
      },
    });
    if (
      this.client.getProtocolEra() === "modern" &&
      this.client.getServerCapabilities()?.tools?.listChanged === true
    ) {
      void keepListening(this.client, { signal: this.#ending.signal, missed: () => this.onListChanged?.() });
    }
  }

  /** Why the handshake failed. */
  connectError(thrown: unknown): CallError {
    const fault = this.gate.watch.fault;
    if (fault !== undefined) return withOutcome(fault, "not_sent");
    return toSourceError(thrown, {
      source: this.#settings.name,
      doing: "starting",
      secrets: this.#settings.secrets,
      outcome: "not_sent",
      timeoutMs: this.#settings.timeouts.start,
      ended: this.process?.ended,
      errorLines: tellingLines(this.process?.errorLines.last(60) ?? [], 8),
    });
  }

  async listPage(cursor: string | undefined, bounds: RequestBounds): Promise<Answer> {
    const exchange = new Exchange(bounds.maxBytes);
    const params = { ...(cursor === undefined ? {} : { cursor }), _meta: { [exchangeKey]: exchange } };
    return await this.#request(exchange, { ...bounds, doing: "listing its tools" }, async (options) => {
      await this.client.request({ method: "tools/list", params }, anything, options);
    });
  }

  /** Throws `tool_failed` when the server answers with an error instead of a result. */
  async callTool(request: ToolRequest, bounds: RequestBounds): Promise<Answer> {
    const { relay } = request;
    if (relay === undefined) return await this.#callOnce(request, bounds);
    const named = { source: this.#settings.name, tool: request.name };
    return await completeInput((answers) => this.#callOnce(request, bounds, answers), relay, named);
  }

  async #callOnce(request: ToolRequest, bounds: RequestBounds, answers: InputAnswers = {}): Promise<Answer> {
    const exchange = new Exchange(bounds.maxBytes, request);
    const trace = request.traceparent === undefined ? {} : { traceparent: request.traceparent };
    const params = {
      name: request.name,
      arguments: { ...request.args },
      ...answers,
      _meta: { ...trace, [exchangeKey]: exchange },
    };
    return await this.#request(exchange, { ...bounds, doing: `calling ${request.name}` }, async (options) => {
      try {
        await this.client.callTool(params, {
          ...options,
          ...(request.onProgress === undefined ? {} : { onprogress: () => undefined }),
          toolDefinition: { name: request.name, inputSchema: { ...request.inputSchema, type: "object" } },
        });
      } catch (thrown) {
        // Before what it says is cut, and a secret with it.
        this.#settings.secrets.error(thrown);
        if (exchange.failure === undefined) throw toToolError(thrown, request.name);
        throw thrown;
      }
    });
  }

  /** Anything but tools. Throws `tool_failed` when the server answers with an error instead of a result. */
  async ask(
    method: string,
    params: { readonly [name: string]: unknown },
    bounds: RequestBounds,
  ): Promise<Answer> {
    const exchange = new Exchange(bounds.maxBytes);
    const asked = { ...params, _meta: { [exchangeKey]: exchange } };
    return await this.#request(exchange, { ...bounds, doing: `asking ${method}` }, async (options) => {
      try {
        await this.client.request({ method, params: asked }, anything, options);
      } catch (thrown) {
        this.#settings.secrets.error(thrown);
        throw exchange.failure === undefined ? toToolError(thrown, method) : thrown;
      }
    });
  }

  /** Closes once nothing is under way; resolves when it has. */
  async retire(): Promise<void> {
    this.#retiring = true;
    if (this.inFlight === 0) await this.close();
    else await new Promise<void>((resolve) => this.#ending.signal.addEventListener("abort", () => resolve()));
    await this.#closing;
  }

  async close(): Promise<void> {
    Object.assign(this.client, { onclose: undefined });
    this.#closing ??= this.#close();
    this.#ending.abort();
    await this.#closing;
  }

  end(reason: CodemodeError): void {
    if (this.ended) return;
    const told = this.onEnded;
    void this.close();
    told?.(reason);
  }

  async #close(): Promise<void> {
    const { inner } = this.gate;
    if (inner instanceof StreamableHTTPClientTransport && inner.sessionId !== undefined) {
      const ended = inner.terminateSession().catch(() => undefined);
      const late = new Promise<void>((resolve) => setTimeout(resolve, farewellMs).unref());
      await Promise.race([ended, late]);
    }
    await this.client.close().catch(() => undefined);
    await this.gate.close().catch(() => undefined);
  }

  async #request(
    exchange: Exchange,
    { signal, timeoutMs, until, doing }: RequestBounds & { readonly doing: string },
    send: (options: { signal: AbortSignal; timeout: number }) => Promise<void>,
  ): Promise<Answer> {
    this.inFlight += 1;
    let late = false;
    try {
      await send({ signal, timeout: Math.max(1, until - Date.now()) });
      // As it came, since the answer is passed on to clients as it came.
      return this.#settings.secrets.value(toAnswer(exchange, this.#settings.name));
    } catch (thrown) {
      if (exchange.failure !== undefined) throw exchange.failure;
      if (signal.aborted) {
        late = signal.reason instanceof CodemodeError && signal.reason.code === "source_timeout";
        throw new CallError("run_cancelled", `The run ended while ${doing}.`, {
          outcome: exchange.sent ? "unknown" : "not_sent",
        });
      }
      if (thrown instanceof CodemodeError) throw toCallError(thrown, exchange.sent ? "unknown" : "not_sent");
      late = isSdkCode(thrown, SdkErrorCode.RequestTimeout);
      throw this.#failed(thrown, { doing, timeoutMs, sent: exchange.sent });
    } finally {
      this.inFlight -= 1;
      this.usedAt = Date.now();
      exchange.abort.abort();
      if (this.#retiring && this.inFlight === 0) void this.close();
      else if (late && this.process !== undefined && this.inFlight === 0) void this.#checkAlive();
    }
  }

  /** The error for a request, and the end of the connection where it can be used no more. */
  #failed(thrown: unknown, asked: { doing: string; timeoutMs: number; sent: boolean }): CallError {
    const { outcome, lost } = readFailure(thrown, {
      sent: asked.sent,
      session: this.gate.sessionId !== undefined,
    });
    const error = this.#error(thrown, { ...asked, outcome });
    if (lost) this.end(error);
    return error;
  }

  #error(thrown: unknown, asked: { doing: string; timeoutMs?: number; outcome: CallOutcome }): CallError {
    const { fault } = this.gate.watch;
    if (fault !== undefined) return withOutcome(fault, asked.outcome);
    const ended = this.process?.ended;
    return toSourceError(thrown, {
      ...asked,
      source: this.#settings.name,
      secrets: this.#settings.secrets,
      ended,
      errorLines: ended === undefined ? undefined : tellingLines(this.process?.errorLines.last(60) ?? [], 5),
    });
  }

  /** A process that has let a call time out may hang for good: it is ended unless it answers now. */
  async #checkAlive(): Promise<void> {
    const options = { timeout: this.#settings.timeouts.ping };
    try {
      if (this.client.getProtocolEra() === "modern") await this.client.discover(options);
      else await this.client.ping(options);
    } catch (thrown) {
      if (thrown instanceof ProtocolError || this.ended) return;
      this.end(
        new CodemodeError(
          "source_timeout",
          `"${this.#settings.name}" hangs; it is started again when it is next used.`,
        ),
      );
    }
  }
}

function toAnswer({ result, inexact }: Exchange, source: string): Answer {
  if (typeof result === "object" && result !== null) return { result: { ...result }, inexact };
  throw new CallError("source_invalid", `"${source}" answered without a result.`, { outcome: "failed" });
}
