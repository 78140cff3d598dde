/**
 * Keeps one connection within bounds: which requests are open, how large an answer may be, how much may
 * come at once. An answer too large fails its own call; a flood fails the connection. Ending the connection
 * is left to its owner, who sets `onFault`.
 */
import type { RequestId } from "@modelcontextprotocol/client";
import { CallError } from "../../call-error.ts";
import { CodemodeError } from "../../errors.ts";
import { newMark } from "../../json/mark-numbers.ts";
import type { Exchange } from "./exchange.ts";
import { FlowMeter } from "./flow-meter.ts";
import { markWith } from "./marking-stream.ts";

/** What a chunk of data costs at least: a body in single bytes would take a hundred times their memory. */
const chunkBytes = 1_024;

export interface OpenRequest {
  readonly id: RequestId;
  readonly method: string;
  readonly exchange: Exchange | undefined;
}

export class TrafficWatch {
  /** Why the connection was given up. */
  fault: CodemodeError | undefined;
  onFault: ((fault: CodemodeError) => void) | undefined;
  /** Fails one open request towards the client. */
  onReject: ((request: OpenRequest, error: CallError) => void) | undefined;
  /** Messages that answered nothing and asked for nothing we know. */
  unsolicited = 0;
  readonly source: string;
  /** Before the digits of numbers that the client's parser would round; the server does not know it. */
  readonly mark = newMark();
  /** Whether any number of this connection has been marked. */
  hasMarks = false;
  readonly markNumbers = markWith(this.mark, () => {
    this.hasMarks = true;
  });
  readonly #messageBytes: number;
  readonly #open = new Map<RequestId, OpenRequest>();
  readonly #byteFlow = new FlowMeter({ burst: 256 * 2 ** 20, perSecond: 16 * 2 ** 20 });
  readonly #messageFlow = new FlowMeter({ burst: 20_000, perSecond: 2_000 });

  constructor(source: string, messageBytes: number) {
    this.source = source;
    this.#messageBytes = messageBytes;
  }

  open(request: OpenRequest): void {
    this.#open.set(request.id, request);
  }

  /** The request an answer belongs to, which is no longer open then. */
  close(id: unknown): OpenRequest | undefined {
    const request = this.find(id);
    if (request !== undefined) this.#open.delete(request.id);
    return request;
  }

  find(id: unknown): OpenRequest | undefined {
    return typeof id === "number" || typeof id === "string" ? this.#open.get(id) : undefined;
  }

  /** The exchange of the one call that may be asked about meanwhile; nothing where it could be one of several. */
  onlyExchange(): Exchange | undefined {
    const asking = [...this.#open.values()].flatMap(({ exchange }) =>
      exchange?.relay === undefined ? [] : [exchange],
    );
    return asking.length === 1 ? asking[0] : undefined;
  }

  maxMessageBytes(): number {
    if (this.#open.size === 0) return this.#messageBytes;
    const bounds = [...this.#open.values()].map(({ exchange }) => exchange?.maxBytes ?? this.#messageBytes);
    return Math.max(...bounds);
  }

  /** Counts a chunk that has come in; false when the connection has been given up. */
  bytes(count: number): boolean {
    return (
      this.fault === undefined && (this.#byteFlow.take(Math.max(count, chunkBytes)) || this.#flood("data"))
    );
  }

  /** Counts a message that answers no open request; false when the connection has been given up. */
  message(cost = 1): boolean {
    this.unsolicited += 1;
    return this.fault === undefined && (this.#messageFlow.take(cost) || this.#flood("messages"));
  }

  /** An answer of so many bytes was not read; without an id nobody knows whose it was. */
  tooLong(bytes: number, id: RequestId | undefined): void {
    if (id !== undefined && this.find(id) === undefined) return;
    const request = this.close(id);
    if (request?.exchange === undefined) {
      this.fail(this.#tooLarge(bytes, request));
      return;
    }
    this.onReject?.(request, this.#tooLarge(bytes, request));
  }

  /** As `tooLong`, for the answer that belongs to this exchange. */
  exchangeTooLong(bytes: number, exchange: Exchange): CallError {
    const request = [...this.#open.values()].find((each) => each.exchange === exchange);
    const error = this.#tooLarge(bytes, request);
    if (request !== undefined) {
      this.close(request.id);
      this.onReject?.(request, error);
    }
    return error;
  }

  fail(fault: CodemodeError): void {
    if (this.fault !== undefined) return;
    this.fault = fault;
    this.onFault?.(fault);
  }

  #flood(what: string): false {
    this.fail(
      new CodemodeError(
        "source_invalid",
        `"${this.source}" sent more ${what} than any use of it needs; the connection was ended.`,
        { hint: "The server is broken or hostile: report it, or remove it from the configuration." },
      ),
    );
    return false;
  }

  #tooLarge(bytes: number, request: OpenRequest | undefined): CallError {
    const bound = request?.exchange?.maxBytes ?? this.#messageBytes;
    const says = `"${this.source}" answered with more than ${bound} bytes (${bytes} came); the answer was not read.`;
    if (request?.method !== "tools/call") return new CallError("source_invalid", says, { outcome: "failed" });
    return new CallError("tool_result_invalid", says, {
      hint: "Ask for less: a page, a filter, fewer fields.",
      outcome: "failed",
    });
  }
}
