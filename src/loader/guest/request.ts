/**
 * `Request` of a loaded worker, the same on every engine, and its form on the bridge.
 */
import { WorkerBody } from "./body.ts";
import { WorkerHeaders } from "./headers.ts";

/** What crosses: the host makes a `Request` of it, or of its `Request` this. */
export interface RequestRecord {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array | null;
}

interface RequestFields {
  readonly method?: unknown;
  readonly headers?: unknown;
  readonly body?: unknown;
  readonly redirect?: string;
  readonly signal?: AbortSignal | null;
}

const ordinaryMethods = new Set(["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]);
const redirectModes = new Set(["follow", "manual", "error"]);

export class WorkerRequest extends WorkerBody {
  readonly method: string;
  readonly url: string;
  readonly headers: WorkerHeaders;
  readonly redirect: string;
  readonly signal: AbortSignal | null;

  constructor(input: unknown, init: RequestFields = {}) {
    super();
    const from = input instanceof WorkerRequest ? input : undefined;
    this.url = from?.url ?? new URL(String(input)).href;
    this.method = toMethod(init.method ?? from?.method ?? "GET");
    this.headers = new WorkerHeaders(init.headers ?? from?.headers);
    this.redirect = init.redirect ?? from?.redirect ?? "follow";
    if (!redirectModes.has(this.redirect)) throw new TypeError(`"${this.redirect}" is no mode of redirects.`);
    this.signal = init.signal ?? from?.signal ?? null;
    from?.refuseUsed();
    const body = init.body ?? from;
    if ((this.method === "GET" || this.method === "HEAD") && init.body !== undefined && init.body !== null)
      throw new TypeError(`A ${this.method} request has no body.`);
    const type = this.setBody(body);
    if (type !== undefined && !this.headers.has("content-type")) this.headers.set("content-type", type);
  }

  clone(): WorkerRequest {
    return new WorkerRequest(this);
  }
}

Object.defineProperty(WorkerRequest, "name", { value: "Request", configurable: true });

export function recordToRequest({ method, url, headers, body }: RequestRecord): WorkerRequest {
  return new WorkerRequest(url, { method, headers, ...(body !== null && { body }) });
}

export async function requestToRecord(request: WorkerRequest): Promise<RequestRecord> {
  const { method, url, headers } = request;
  return { method, url, headers: [...headers], body: await request.takeBody() };
}

function toMethod(method: unknown): string {
  const upper = String(method).toUpperCase();
  return ordinaryMethods.has(upper) ? upper : String(method);
}
