/**
 * Stands between the protocol client and a transport. Takes raw answers aside for whoever asked, lets
 * through what the client has a use for, and counts and drops the rest, so that no message of a server
 * makes the client throw, log or wait for ever.
 */
import type { JSONRPCMessage, Transport, TransportSendOptions } from "@modelcontextprotocol/client";
import { CallError } from "../../call-error.ts";
import { restoreNumbers } from "../../json/restore-numbers.ts";
import { roundIntegers } from "../../json/round-integers.ts";
import { isRecord } from "../../schema/is-record.ts";
import { currentExchange, Exchange, exchangeKey } from "./exchange.ts";
import { relayRequest, type RelayedAnswer } from "./relay-request.ts";
import type { ProcessTransport } from "./process-transport.ts";
import type { OpenRequest, TrafficWatch } from "./traffic-watch.ts";

/** Answers that satisfy the client in both eras. */
const emptyAnswers: { readonly [method: string]: { readonly [key: string]: unknown } } = {
  "tools/list": { resultType: "complete", ttlMs: 0, cacheScope: "private", tools: [] },
  "resources/list": { resultType: "complete", ttlMs: 0, cacheScope: "private", resources: [] },
  "resources/read": { resultType: "complete", ttlMs: 0, cacheScope: "private", contents: [] },
  "prompts/list": { resultType: "complete", ttlMs: 0, cacheScope: "private", prompts: [] },
  "prompts/get": { resultType: "complete", messages: [] },
  "tools/call": { resultType: "complete", content: [] },
};

const maxProgressText = 1_000;

/** What keeps the client's own subscriptions. */
const subscriptionNotifications = new Set([
  "notifications/cancelled",
  "notifications/subscriptions/acknowledged",
]);

/** Messages that cost the host more than to be read count for so many. */
const costly = 10;

/** From this revision on a server has no requests, and must not be answered as if it had. */
const firstModern = "2026-07-28";

export class MessageGate implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly watch: TrafficWatch;
  readonly inner: Transport;
  readonly hasPerRequestStream: boolean;
  /** Methods of the server's own requests that are offered to be answered. */
  relayed: ReadonlySet<string> = new Set();
  /** The server says that its tools have changed. */
  onListChanged: (() => void) | undefined;
  #version: string | undefined;

  constructor(inner: Transport, watch: TrafficWatch) {
    this.inner = inner;
    this.watch = watch;
    this.hasPerRequestStream = inner.hasPerRequestStream === true;
    watch.onReject = (request, error) => {
      request.exchange?.abort.abort(error);
      this.#deliverError(request, error);
    };
    watch.onFault = () => {
      this.inner.close().catch(() => undefined);
    };
  }

  get sessionId(): string | undefined {
    return this.inner.sessionId;
  }

  setProtocolVersion(version: string): void {
    this.#version = version;
    this.inner.setProtocolVersion?.(version);
  }

  async start(): Promise<void> {
    Object.assign(this.inner, {
      onmessage: (message) => this.#receive(message),
      onerror: (error) => this.onerror?.(error),
      onclose: () => this.onclose?.(),
    } satisfies Pick<Transport, "onmessage" | "onerror" | "onclose">);
    await this.inner.start();
  }

  async send(message: JSONRPCMessage, options: TransportSendOptions = {}): Promise<void> {
    const request = toOpenRequest(message);
    if (request === undefined) {
      await this.inner.send(message, options);
      return;
    }
    this.watch.open(request);
    const { exchange } = request;
    const signals = [options.requestSignal, exchange?.abort.signal].filter((signal) => signal !== undefined);
    const sending = {
      ...options,
      requestSignal: signals.length > 1 ? AbortSignal.any(signals) : signals[0],
      onRequestStreamEnd: () => {
        options.onRequestStreamEnd?.();
        if (this.watch.close(request.id) === undefined) return;
        const says = `"${this.watch.source}" ended its answer before it was complete.`;
        this.#deliverError(request, new CallError("source_unavailable", says, { outcome: "unknown" }));
      },
    };
    try {
      if (exchange === undefined) {
        await this.inner.send(message, sending);
        return;
      }
      exchange.sent = true;
      await currentExchange.run(exchange, () => this.inner.send(message, sending));
    } catch (error) {
      this.watch.close(request.id);
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.inner.close();
  }

  #receive(message: JSONRPCMessage): void {
    const untrusted: { readonly [key: string]: unknown } = { ...message };
    const inexact = this.watch.hasMarks ? restoreNumbers(untrusted, this.watch.mark).inexact : [];
    const { method } = untrusted;
    if (typeof method !== "string") {
      this.#answer(untrusted, inexact);
      return;
    }
    const { id, params } = untrusted;
    const forClient = id !== undefined || subscriptionNotifications.has(method);
    if (!this.watch.message(forClient ? costly : 1)) return;
    if (id !== undefined) this.#respond(id, method, params);
    else if (forClient) this.#deliver(message);
    else if (method === "notifications/tools/list_changed") this.onListChanged?.();
    else if (method === "notifications/progress") this.#progress(params);
  }

  #answer(message: { readonly [key: string]: unknown }, inexact: readonly string[]): void {
    const request = this.watch.close(message["id"]);
    if (request === undefined) {
      this.watch.message();
      return;
    }
    if (isRecord(message["error"])) {
      const { code, message: text, data } = message["error"];
      const error = {
        code: typeof code === "number" && Number.isInteger(code) ? code : -32603,
        message: typeof text === "string" ? text : "the server answered with an error that has no message",
        ...(data === undefined ? {} : { data }),
      };
      this.#deliver({ jsonrpc: "2.0", id: request.id, error });
      return;
    }
    const { result } = message;
    if (!isRecord(result)) {
      const says = `"${this.watch.source}" answered with something that is no JSON-RPC result.`;
      this.#deliverError(request, new CallError("source_invalid", says, { outcome: "failed" }));
      return;
    }
    const empty = emptyAnswers[request.method];
    const isAsking = result["resultType"] === "input_required" && request.exchange?.relay === undefined;
    if (request.exchange === undefined || empty === undefined || isAsking) {
      this.#deliver({ jsonrpc: "2.0", id: request.id, result });
      return;
    }
    request.exchange.result = result;
    request.exchange.inexact = inexact.flatMap((pointer) => withoutStep(pointer, "/result"));
    this.#deliver({ jsonrpc: "2.0", id: request.id, result: empty });
  }

  /** What is asked in the middle of a call is relayed, where that is offered; a ping is answered; nothing else is. */
  #respond(id: unknown, method: string, params: unknown): void {
    const isModern = this.#version !== undefined && this.#version >= firstModern;
    if (isModern || (typeof id !== "string" && typeof id !== "number")) return;
    const reply = (answer: RelayedAnswer): void => {
      this.inner.send({ jsonrpc: "2.0", id, ...answer }).catch(() => undefined);
    };
    if (method === "ping") reply({ result: {} });
    else if (!this.relayed.has(method)) reply({ error: { code: -32601, message: "Method not found" } });
    else {
      const relay = (currentExchange.getStore() ?? this.watch.onlyExchange())?.relay;
      if (relay === undefined)
        reply({ error: { code: -32600, message: "There is no call that this belongs to" } });
      else void relayRequest(method, roundIntegers(params), relay).then(reply);
    }
  }

  /** The client would hand it on after the answer that follows it, to nobody. */
  #progress(params: unknown): void {
    if (!isRecord(params)) return;
    const { progress, total, message } = params;
    const listener = this.watch.find(params["progressToken"])?.exchange?.onProgress;
    if (listener === undefined || !isNumber(progress)) return;
    listener({
      done: progress,
      ...(isNumber(total) ? { total } : {}),
      ...(typeof message === "string" ? { message: message.slice(0, maxProgressText) } : {}),
    });
  }

  #deliverError({ id, exchange }: OpenRequest, error: CallError): void {
    if (exchange !== undefined) exchange.failure = error;
    this.#deliver({ jsonrpc: "2.0", id, error: { code: -32603, message: error.message } });
  }

  #deliver(message: JSONRPCMessage): void {
    try {
      this.onmessage?.(message);
    } catch (error) {
      this.onerror?.(error instanceof Error ? error : new Error(String(error)));
    }
  }
}

/** The client recognises a transport to a process by these two, and takes silence for an old server then. */
export class ProcessGate extends MessageGate {
  readonly stderr = null;
  readonly #process: ProcessTransport;

  constructor(inner: ProcessTransport, watch: TrafficWatch) {
    super(inner, watch);
    this.#process = inner;
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }
}

/** The pointer as seen from the member that it begins with; of one that stands for all, the same. */
function withoutStep(pointer: string, step: string): readonly string[] {
  if (pointer === "") return [""];
  return pointer.startsWith(`${step}/`) ? [pointer.slice(step.length)] : [];
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function toOpenRequest(message: JSONRPCMessage): OpenRequest | undefined {
  if (!("method" in message) || !("id" in message)) return undefined;
  const meta = message.params?._meta;
  const exchange: unknown = meta === undefined ? undefined : Reflect.get(meta, exchangeKey);
  return {
    id: message.id,
    method: message.method,
    exchange: exchange instanceof Exchange ? exchange : undefined,
  };
}
