/**
 * `Response` of a loaded worker, the same on every engine, and its form on the bridge.
 */
import { WorkerBody } from "./body.ts";
import { WorkerHeaders } from "./headers.ts";

/** What crosses: the host makes a `Response` of it, or of its `Response` this. */
export interface ResponseRecord {
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array | null;
}

interface ResponseFields {
  readonly status?: unknown;
  readonly statusText?: string;
  readonly headers?: unknown;
}

const withoutBody = new Set([101, 204, 205, 304]);
const redirects = new Set([301, 302, 303, 307, 308]);

export class WorkerResponse extends WorkerBody {
  readonly status: number;
  readonly statusText: string;
  readonly headers: WorkerHeaders;
  readonly type = "default";
  #url = "";
  #redirected = false;

  constructor(body?: unknown, init: ResponseFields = {}) {
    super();
    const status = Number(init.status ?? 200);
    if (!Number.isInteger(status) || status < 200 || status > 599)
      throw new RangeError(`${status} is no status of a response: 200 to 599 are.`);
    if (withoutBody.has(status) && body !== undefined && body !== null)
      throw new TypeError(`A response of status ${status} has no body.`);
    this.status = status;
    this.statusText = init.statusText ?? "";
    this.headers = new WorkerHeaders(init.headers);
    const type = this.setBody(body);
    if (type !== undefined && !this.headers.has("content-type")) this.headers.set("content-type", type);
  }

  static json(value: unknown, init: ResponseFields = {}): WorkerResponse {
    const text = JSON.stringify(value);
    if (text === undefined) throw new TypeError("The value has no JSON.");
    const headers = new WorkerHeaders(init.headers);
    if (!headers.has("content-type")) headers.set("content-type", "application/json");
    return new WorkerResponse(text, { ...init, headers });
  }

  static redirect(url: unknown, status = 302): WorkerResponse {
    if (!redirects.has(status)) throw new RangeError(`${status} is no status of a redirect.`);
    return new WorkerResponse(null, { status, headers: { location: new URL(String(url)).href } });
  }

  get ok(): boolean {
    return this.status < 300;
  }

  get url(): string {
    return this.#url;
  }

  get redirected(): boolean {
    return this.#redirected;
  }

  /** Where it came from. */
  from(url: string, redirected: boolean): this {
    this.#url = url;
    this.#redirected = redirected;
    return this;
  }

  clone(): WorkerResponse {
    this.refuseUsed();
    return new WorkerResponse(withoutBody.has(this.status) ? null : this, this).from(
      this.#url,
      this.#redirected,
    );
  }
}

Object.defineProperty(WorkerResponse, "name", { value: "Response", configurable: true });

export function recordToResponse(record: ResponseRecord): WorkerResponse {
  return new WorkerResponse(record.body, record);
}

export async function responseToRecord(response: WorkerResponse): Promise<ResponseRecord> {
  const { status, statusText, headers } = response;
  return { status, statusText, headers: [...headers], body: await response.takeBody() };
}
