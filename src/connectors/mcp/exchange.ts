/**
 * One request whose answer is wanted as it was sent. The protocol client checks answers against schemas of
 * its own, by which one malformed tool costs a whole page; so the answer is put here on its way up, and the
 * client is given an empty one. Who puts it here is the message gate.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { CallError } from "../../call-error.ts";
import type { CallContext } from "../../spec/source.ts";

type Relay = NonNullable<CallContext["relay"]>;

interface ExchangeOptions {
  readonly onProgress?: CallContext["onProgress"];
  readonly relay?: Relay | undefined;
  readonly leaving?: CallContext["leaving"];
}

export class Exchange {
  /** Bytes that the answer may have. */
  readonly maxBytes: number;
  /** Ends the HTTP request that carries the answer. */
  readonly abort = new AbortController();
  /** The raw answer, once it has come. */
  result: unknown;
  /** JSON pointers of the numbers in it that are not what the server wrote. */
  inexact: readonly string[] = [];
  /** Why there is none, where the gate knows better than the client. */
  failure: CallError | undefined;
  /** Handed to the transport: the server may have seen it. */
  sent = false;

  /** Asked before each part of the request leaves; throws when it must not. */
  readonly leaving: CallContext["leaving"];
  readonly onProgress: CallContext["onProgress"];
  /** Where what the server asks meanwhile is answered. */
  readonly relay: Relay | undefined;

  constructor(maxBytes: number, { onProgress, relay, leaving }: ExchangeOptions = {}) {
    this.maxBytes = maxBytes;
    this.onProgress = onProgress;
    this.relay = relay;
    this.leaving = leaving;
  }
}

/** Carries the exchange inside a request's `_meta` down to the gate; JSON leaves symbols out. */
export const exchangeKey: unique symbol = Symbol("exchange");

/** The exchange that an HTTP request belongs to. */
export const currentExchange = new AsyncLocalStorage<Exchange>();
