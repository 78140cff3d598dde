/**
 * Sends one HTTP request over `node:http` and reads the whole answer, within limits: what is sent is byte for
 * byte what was given, nothing is followed, nothing is retried. Connections are kept and shared.
 */
import {
  Agent as HttpAgent,
  type ClientRequest,
  type IncomingMessage,
  request as httpRequest,
} from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { TLSSocket } from "node:tls";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { CallError } from "../../call-error.ts";
import { createGuardedLookup, type Lookup, refusePrivateHost } from "./guard-address.ts";

export interface WireRequest {
  readonly method: string;
  /** `http://host:port` or `https://…`. */
  readonly origin: string;
  /** Path and query, encoded; starts with a slash. */
  readonly target: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body?: Buffer;
  readonly signal: AbortSignal;
  /** Bytes of the answer's body, decompressed, above which it throws `tool_result_invalid`. */
  readonly maxBytes: number;
  /** The operator has named this host, so that it may be private. */
  readonly trusted: boolean;
  /** Called when a connection has been found or made, before each part of the request leaves. Throws when it must not. */
  readonly leaving?: () => void;
}

export interface WireAnswer {
  readonly status: number;
  readonly statusText: string;
  /** Names in lower case; repeated ones joined by a comma. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

export interface HttpClient extends Disposable {
  /** Rejects with what the socket says; see `toSendError`. */
  send(request: WireRequest): Promise<WireAnswer>;
}

export interface HttpClientOptions {
  readonly connections: number;
  /** Default: the system's. */
  readonly lookup?: Lookup;
}

export function createHttpClient({ connections, lookup }: HttpClientOptions): HttpClient {
  const guarded = createGuardedLookup(lookup);
  const agents = new Map<string, HttpAgent | HttpsAgent>();

  function agentFor(secure: boolean, trusted: boolean): HttpAgent | HttpsAgent {
    const key = `${secure} ${trusted}`;
    const known = agents.get(key);
    if (known !== undefined) return known;
    const options = {
      keepAlive: true,
      maxSockets: connections,
      maxFreeSockets: 8,
      timeout: 60_000,
      ...(trusted ? lookup && { lookup } : { lookup: guarded }),
    };
    const agent = secure ? new HttpsAgent(options) : new HttpAgent(options);
    agents.set(key, agent);
    return agent;
  }

  return {
    async send(request) {
      const url = new URL(request.origin);
      if (!request.trusted) refusePrivateHost(url.hostname);
      const secure = url.protocol === "https:";
      const answer = await exchange(request, url, agentFor(secure, request.trusted));
      return {
        status: answer.statusCode ?? 0,
        statusText: answer.statusMessage ?? "",
        headers: toHeaders(answer),
        body: await readBody(answer, request),
      };
    },
    [Symbol.dispose]() {
      for (const agent of agents.values()) agent.destroy();
    },
  };
}

async function exchange(
  request: WireRequest,
  url: URL,
  agent: HttpAgent | HttpsAgent,
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const make = url.protocol === "https:" ? httpsRequest : httpRequest;
  const headers: { [name: string]: string | number } = Object.fromEntries(request.headers);
  const hasBody = request.body !== undefined || ["POST", "PUT", "PATCH"].includes(request.method);
  if (hasBody) headers["content-length"] = request.body?.length ?? 0;
  const sending = make({
    protocol: url.protocol,
    hostname: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port,
    method: request.method,
    path: request.target,
    headers,
    agent,
    signal: request.signal,
    maxHeaderSize: 64 * 1024,
    setDefaultHeaders: true,
  });
  sending.once("response", resolve);
  sending.once("error", reject);
  if (request.leaving === undefined) sending.end(request.body);
  else sendOnceConnected(sending, request.body, request.leaving);
  return await promise;
}

/** Parts so small that a connection commonly takes them at once. */
const partBytes = 64 * 1024;

/** Nothing of a request waits in this process: it leaves part by part, each asked about directly before. */
function sendOnceConnected(
  sending: ClientRequest,
  body: Buffer = Buffer.alloc(0),
  leaving: () => void,
): void {
  const send = (from: number): void => {
    if (sending.destroyed) return;
    try {
      leaving();
    } catch (thrown) {
      sending.destroy(thrown instanceof Error ? thrown : new Error(String(thrown)));
      return;
    }
    const until = from + partBytes;
    if (until >= body.length) sending.end(body.subarray(from));
    else sending.write(body.subarray(from, until), () => send(until));
  };
  sending.once("socket", (socket) => {
    const secure = socket instanceof TLSSocket;
    if (!socket.connecting && !(secure && socket.getProtocol() === null)) send(0);
    else socket.once(secure ? "secureConnect" : "connect", () => send(0));
  });
}

function toHeaders(answer: IncomingMessage): Map<string, string> {
  const headers = new Map<string, string>();
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  return headers;
}

/** Counts decompressed bytes, so that a small bomb is cut off where a large answer is. */
async function readBody(answer: IncomingMessage, { maxBytes, signal }: WireRequest): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  const collect = async (source: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of source) {
      length += chunk.length;
      if (length > maxBytes) {
        throw new CallError("tool_result_invalid", `The answer is larger than ${maxBytes} bytes.`, {
          outcome: "failed",
          hint: "Ask for less: a page, a filter, or fewer fields.",
        });
      }
      chunks.push(chunk);
    }
  };
  const decompress = decompressors.get(answer.headers["content-encoding"]?.trim().toLowerCase() ?? "");
  // Answers to HEAD and 204 claim an encoding and have no body.
  const empty = answer.statusCode === 204 || answer.statusCode === 304;
  if (decompress === undefined || empty) await pipeline(answer, collect, { signal });
  else await pipeline(answer, decompress(), collect, { signal }).catch(unreadable(answer));
  return Buffer.concat(chunks, length);
}

/** What came as a whole and is not what its header says. */
function unreadable({ complete }: IncomingMessage): (thrown: unknown) => never {
  return (thrown) => {
    if (!complete || thrown instanceof CallError || !(thrown instanceof Error)) throw thrown;
    throw new CallError("tool_result_invalid", `The answer cannot be decompressed: ${thrown.message}.`, {
      cause: thrown,
      outcome: "failed",
    });
  };
}

const decompressors = new Map([
  ["gzip", () => createGunzip()],
  ["x-gzip", () => createGunzip()],
  ["deflate", () => createInflate()],
  ["br", () => createBrotliDecompress()],
]);

export const acceptEncoding = "gzip, deflate, br";
