/**
 * Stands between the protocol client and a transport. Takes raw answers aside for whoever asked, lets
 * through what the client has a use for, and counts and drops the rest, so that no message of a server
 * makes the client throw, log or wait for ever.
 */
import type { JSONRPCMessage, Transport, TransportSendOptions } from "@modelcontextprotocol/client";
import { CodemodeError } from "../../errors.ts";
import { isRecord } from "../../schema/is-record.ts";
import { currentExchange, Exchange, exchangeKey } from "./exchange.ts";
import type { ProcessTransport } from "./process-transport.ts";
import type { OpenRequest, TrafficWatch } from "./traffic-watch.ts";

/** Answers that satisfy the client in both eras. */
const emptyAnswers: { readonly [method: string]: { readonly [key: string]: unknown } } = {
  "tools/list": { resultType: "complete", ttlMs: 0, cacheScope: "private", tools: [] },
  "tools/call": { resultType: "complete", content: [] },
};

const wantedNotifications = new Set([
  "notifications/tools/list_changed",
  "notifications/cancelled",
  "notifications/subscriptions/acknowledged",
]);

export class MessageGate implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly watch: TrafficWatch;
  readonly inner: Transport;
  readonly hasPerRequestStream: boolean;

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
        this.#deliverError(request, new CodemodeError("source_unavailable", says, { data: { sent: true } }));
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
    if (typeof untrusted["method"] !== "string") {
      this.#answer(untrusted);
      return;
    }
    if (!this.watch.message()) return;
    if ("id" in untrusted || this.#isWanted(untrusted["method"], untrusted["params"])) this.#deliver(message);
  }

  #answer(message: { readonly [key: string]: unknown }): void {
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
      this.#deliverError(request, new CodemodeError("source_invalid", says, { data: { sent: true } }));
      return;
    }
    const empty = emptyAnswers[request.method];
    if (request.exchange === undefined || empty === undefined || result["resultType"] === "input_required") {
      this.#deliver({ jsonrpc: "2.0", id: request.id, result });
      return;
    }
    request.exchange.result = result;
    this.#deliver({ jsonrpc: "2.0", id: request.id, result: empty });
  }

  #isWanted(method: string, params: unknown): boolean {
    if (method !== "notifications/progress") return wantedNotifications.has(method);
    return isRecord(params) && this.watch.isOpen(params["progressToken"]);
  }

  #deliverError({ id, exchange }: OpenRequest, error: CodemodeError): void {
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
