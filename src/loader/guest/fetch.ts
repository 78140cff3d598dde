/**
 * `fetch` of a loaded worker: each request, and each hop of a redirect, is a call to the host, whose `globalOutbound`
 * answers it. Without one it refuses.
 */
import { recordToResponse, type ResponseRecord, type WorkerResponse } from "./response.ts";
import { requestToRecord, WorkerRequest, type RequestRecord } from "./request.ts";
import { unsupportedInWorker } from "./unsupported.ts";

type SendRequest = (record: RequestRecord) => Promise<ResponseRecord>;

const maxHops = 20;
const redirectStatus = new Set([301, 302, 303, 307, 308]);
const withCredentials = ["authorization", "cookie", "proxy-authorization"];

/** `send` is missing where there is no outbound. */
export function createFetch(
  send: SendRequest | undefined,
): (input: unknown, init?: object) => Promise<unknown> {
  return async function fetch(input, init) {
    if (send === undefined)
      throw unsupportedInWorker("fetch", "It was loaded with globalOutbound: null; call a binding of env.");
    const request = new WorkerRequest(input, init);
    const { signal } = request;
    signal?.throwIfAborted();
    const answer = follow(request, send);
    return signal === null ? answer : Promise.race([answer, aborted(signal)]);
  };
}

async function follow(request: WorkerRequest, send: SendRequest): Promise<WorkerResponse> {
  let record = await requestToRecord(request);
  for (let hop = 0; hop <= maxHops; hop++) {
    const response = recordToResponse(await send(record)).from(record.url, hop > 0);
    const location = redirectStatus.has(response.status) ? response.headers.get("location") : null;
    if (location === null || request.redirect === "manual") return response;
    if (request.redirect === "error") throw new TypeError("The answer is a redirect.");
    record = nextHop(record, response.status, new URL(location, record.url));
  }
  throw new TypeError(`More than ${maxHops} redirects.`);
}

function nextHop(record: RequestRecord, status: number, to: URL): RequestRecord {
  const other = to.origin !== new URL(record.url).origin;
  const toGet =
    status === 303
      ? record.method !== "HEAD"
      : (status === 301 || status === 302) && record.method === "POST";
  const headers = record.headers.filter(
    ([name]) => !(other && withCredentials.includes(name)) && !(toGet && name.startsWith("content-")),
  );
  return { url: to.href, headers, method: toGet ? "GET" : record.method, body: toGet ? null : record.body };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
