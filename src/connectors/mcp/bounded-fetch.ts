/**
 * The `fetch` of one HTTP connection: adds the credentials, to their own origin only, and counts every body
 * while it is read, after decompression. An event stream is bounded by the event, anything else as a whole. Numbers in
 * answers are marked, so that none is rounded when the protocol client parses them.
 */
import { CallError } from "../../call-error.ts";
import type { FetchLike } from "@modelcontextprotocol/client";
import type { CodemodeError } from "../../errors.ts";
import { currentExchange, type Exchange } from "./exchange.ts";
import { LeavingBody } from "./leaving-body.ts";
import { markBody, markEvents } from "./marking-stream.ts";
import type { ResolvedUrl } from "./resolve-entry.ts";
import type { TrafficWatch } from "./traffic-watch.ts";

/** Set by the protocol; the configuration cannot change them. */
const protocolHeaders =
  /^(?:accept|content-type|content-length|host|transfer-encoding|last-event-id|mcp-.*)$/i;

export function createBoundedFetch({ url, headers }: ResolvedUrl, watch: TrafficWatch): FetchLike {
  return async (target, init) => {
    const all = new Headers(init?.headers);
    if (new URL(target).origin !== url.origin) {
      throw new CallError("source_unavailable", "A request to another origin was refused.", {
        outcome: "not_sent",
      });
    }
    for (const [name, value] of Object.entries(headers)) {
      if (!protocolHeaders.test(name)) all.set(name, value);
    }
    const exchange = currentExchange.getStore();
    const response = await fetch(target, { ...init, headers: all, ...toParts(init?.body, exchange) });
    if (response.body === null) return response;
    const isStream = (response.headers.get("content-type") ?? "").includes("text/event-stream");
    if (!isStream) await refuseAnnounced(response, { exchange, watch });
    const counter = isStream ? createEventCounter() : createBodyCounter();
    const counted = response.body.pipeThrough(createCountingStream({ counter, exchange, watch }));
    // An error page is shown as it came.
    if (!response.ok) return new Response(counted, response);
    const marking = isStream ? markEvents(watch.markNumbers) : markBody(watch.markNumbers);
    return new Response(counted.pipeThrough(marking), response);
  };
}

/** A body that leaves only while it may, once there is a connection to leave by. */
function toParts(body: RequestInit["body"], exchange: Exchange | undefined): { readonly body?: Blob } {
  const leaving = exchange?.leaving;
  return leaving === undefined || typeof body !== "string" ? {} : { body: new LeavingBody(body, leaving) };
}

/** Bytes of the part that must be held at once, after each chunk. */
type Counter = (chunk: Uint8Array) => number;

interface Counting extends Receiver {
  readonly counter: Counter;
}

interface Receiver {
  readonly exchange: Exchange | undefined;
  readonly watch: TrafficWatch;
}

/** A length that is too large needs no reading. */
async function refuseAnnounced(response: Response, { exchange, watch }: Receiver): Promise<void> {
  const announced = Number(response.headers.get("content-length") ?? 0);
  if (announced <= (exchange?.maxBytes ?? watch.maxMessageBytes())) return;
  await response.body?.cancel();
  throw tooLong(announced, { exchange, watch });
}

function tooLong(bytes: number, { exchange, watch }: Receiver): CodemodeError | undefined {
  if (exchange !== undefined) return watch.exchangeTooLong(bytes, exchange);
  watch.tooLong(bytes, undefined);
  return watch.fault;
}

function createCountingStream({
  counter,
  exchange,
  watch,
}: Counting): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({
    transform(chunk, controller) {
      if (!watch.bytes(chunk.byteLength)) {
        controller.error(watch.fault);
        return;
      }
      const bytes = counter(chunk);
      const bound = exchange?.maxBytes ?? watch.maxMessageBytes();
      if (bytes <= bound) {
        controller.enqueue(chunk);
        return;
      }
      controller.error(tooLong(bytes, { exchange, watch }));
    },
  });
}

function createBodyCounter(): Counter {
  let total = 0;
  return (chunk) => (total += chunk.byteLength);
}

/** An event ends with an empty line; the end may be split between chunks. */
function createEventCounter(): Counter {
  let pending = 0;
  let ending = "";
  return (chunk) => {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const first = firstEnd(bytes, ending);
    const largest = pending + (first === -1 ? bytes.length : first);
    pending = first === -1 ? largest : bytes.length - lastEnd(bytes, first);
    ending = (ending + bytes.toString("latin1", Math.max(0, bytes.length - 3))).slice(-3);
    return Math.max(largest, pending);
  };
}

const eventEnds = ["\n\n", "\r\n\r\n", "\r\r"] as const;

function firstEnd(bytes: Buffer, ending: string): number {
  const seam = ending + bytes.toString("latin1", 0, 3);
  for (const end of eventEnds) {
    const at = seam.indexOf(end);
    if (at !== -1 && at + end.length > ending.length) return at + end.length - ending.length;
  }
  const found = eventEnds.map((end) => bytes.indexOf(end)).filter((at) => at !== -1);
  return found.length === 0 ? -1 : Math.min(...found);
}

function lastEnd(bytes: Buffer, first: number): number {
  return Math.max(first, ...eventEnds.map((end) => bytes.lastIndexOf(end)));
}
