/**
 * Sends an encoded request: credentials, then the wire, then what HTTP says of the answer. Waits and tries
 * again where that is safe, follows redirects within the allowed origins, renews a token once.
 */
import { CallError, gravestOf, withOutcome, type CallOutcome } from "../../call-error.ts";
import { setTimeout as sleep } from "node:timers/promises";
import { CodemodeError } from "../../errors.ts";
import { outcomeOfStatus } from "../../outcome-of-status.ts";
import type { Authorizer } from "./authorize.ts";
import { type BaseUrl, isNamed, type ServerSurroundings } from "./choose-base-url.ts";
import type { HttpOperation } from "./compiled-document.ts";
import { isHeaderValue } from "./header-rules.ts";
import { acceptEncoding, type HttpClient, type WireAnswer, type WireRequest } from "./http-client.ts";
import type { HttpRequest } from "./http-request.ts";
import type { OpenApiLimits } from "./openapi-source-options.ts";
import { retryDelay } from "./retry-delay.ts";
import { toSendError } from "./to-send-error.ts";

export interface SendContext {
  readonly operation: Pick<HttpOperation, "security">;
  readonly principal: string;
  /** Aborts at the call's deadline, too. */
  readonly signal: AbortSignal;
  readonly maxBytes: number;
  /** The request carries an idempotency key, so that sending it twice is sending it once. */
  readonly repeatable: boolean;
  /** Called where the bytes leave; throws when they must not. */
  readonly leaving?: () => void;
}

export interface SentAnswer {
  readonly answer: WireAnswer;
  /** What had become of the call by the attempts before the one that was answered. */
  readonly before: CallOutcome;
}

/** The requests that one call has taken so far, and what has become of it by the gravest of them. */
class Attempts {
  gravest: CallOutcome = "not_sent";

  note(outcome: CallOutcome): void {
    this.gravest = gravestOf(this.gravest, outcome);
  }
}

interface CallSending extends SendContext {
  readonly earlier: Attempts;
}

export interface SenderOptions {
  readonly source: string;
  readonly http: HttpClient;
  readonly authorizer: Authorizer;
  readonly around: ServerSurroundings;
  readonly allowed: ReadonlySet<string>;
  readonly limits: OpenApiLimits;
}

export type Sender = (request: HttpRequest, base: BaseUrl, context: SendContext) => Promise<SentAnswer>;

const safeMethods = new Set(["GET", "HEAD", "OPTIONS", "TRACE", "QUERY"]);
const idempotentMethods = new Set([...safeMethods, "PUT", "DELETE"]);

export function createSender(options: SenderOptions): Sender {
  const { source, http, authorizer, limits } = options;

  async function attempt(request: HttpRequest, base: BaseUrl, context: CallSending): Promise<SentAnswer> {
    const { earlier } = context;
    let renewed = false;
    for (;;) {
      const authorized = await authorizer.authorize(request, { ...context, base });
      const answer = await exchange({ ...toWire(authorized.request, base), trusted: base.trusted }, context);
      if (answer.status !== 401 || renewed || !authorized.renew()) return { answer, before: earlier.gravest };
      earlier.note(outcomeOfStatus(answer.status));
      renewed = true;
    }
  }

  async function exchange(
    wire: Omit<WireRequest, "signal" | "maxBytes" | "leaving">,
    { earlier, signal, maxBytes, leaving: mayLeave }: CallSending,
  ): Promise<WireAnswer> {
    let outcome: CallOutcome = "not_sent";
    const leaving = (): void => {
      mayLeave?.();
      outcome = "unknown";
    };
    try {
      return await http.send({ ...wire, signal, maxBytes, leaving });
    } catch (thrown) {
      earlier.note(thrown instanceof CallError ? thrown.outcome : outcome);
      throw thrown;
    }
  }

  async function attempts(request: HttpRequest, base: BaseUrl, context: CallSending): Promise<SentAnswer> {
    const { earlier } = context;
    const safe = safeMethods.has(request.method) || context.repeatable;
    const idempotent = safe || idempotentMethods.has(request.method);
    for (let tried = 0; ; tried += 1) {
      let delay: number | undefined;
      try {
        const sent = await attempt(request, base, context);
        const { status, headers } = sent.answer;
        if (idempotent && (status === 429 || status === 503) && tried < limits.retries) {
          delay = retryDelay(headers.get("retry-after"), tried, limits.retryMs);
        }
        if (delay === undefined) return sent;
        earlier.note(outcomeOfStatus(status));
      } catch (thrown) {
        const again = safe && tried < limits.retries && isLostConnection(thrown) && !context.signal.aborted;
        if (!again) throw failure(thrown, base, context);
        delay = retryDelay(undefined, tried, limits.retryMs);
      }
      await pause(delay ?? 0, base, context);
    }
  }

  async function pause(ms: number, base: BaseUrl, context: CallSending): Promise<void> {
    try {
      await sleep(ms, undefined, { signal: context.signal });
    } catch (thrown) {
      throw failure(thrown, base, context);
    }
  }

  function failure(thrown: unknown, { origin }: BaseUrl, { signal, earlier }: CallSending): CallError {
    return toSendError(thrown, { source, origin, signal, outcome: earlier.gravest });
  }

  return async (request, base, context) => {
    const earlier = new Attempts();
    let at = { request, base };
    for (let hops = 0; ; hops += 1) {
      const sent = await attempts(at.request, at.base, { ...context, earlier });
      const { status } = sent.answer;
      try {
        const next = redirected(at, sent.answer, options);
        if (next === undefined) return sent;
        if (hops >= limits.redirects) throw redirectError(source, `more than ${limits.redirects} redirects`);
        at = next;
      } catch (thrown) {
        throw withOutcome(thrown, gravestOf(earlier.gravest, outcomeOfStatus(status)));
      }
      earlier.note(outcomeOfStatus(status));
    }
  };
}

/** What goes on the wire, with the headers that are the host's own. */
function toWire(request: HttpRequest, base: BaseUrl) {
  const { method, body, query, cookies } = request;
  const target = base.path + request.path + (query.length > 0 ? `?${query.join("&")}` : "");
  const headers = new Map(request.headers);
  headers.set("accept-encoding", acceptEncoding);
  if (!headers.has("user-agent")) headers.set("user-agent", "codemode");
  if (cookies.length > 0) headers.set("cookie", cookies.join("; "));
  for (const [name, value] of headers) {
    if (isHeaderValue(value)) continue;
    // Its value may be a secret, so that only the name is said.
    throw new CallError(
      "source_unavailable",
      `The header "${name}" holds a character that no header may hold.`,
      { outcome: "not_sent" },
    );
  }
  return { method, origin: base.origin, target, headers, ...(body !== undefined && { body }) };
}

function isLostConnection(thrown: unknown): boolean {
  const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
  return [
    "ECONNRESET",
    "EPIPE",
    "ECONNREFUSED",
    "ETIMEDOUT",
    "ENETUNREACH",
    "EAI_AGAIN",
    "HPE_INVALID_EOF_STATE",
  ].includes(String(code));
}

/** Where to go on; `undefined` when the answer is no redirect. Throws when it leads away from the API. */
function redirected(
  { request, base }: { readonly request: HttpRequest; readonly base: BaseUrl },
  { status, headers }: WireAnswer,
  { source, allowed, around }: SenderOptions,
): { request: HttpRequest; base: BaseUrl } | undefined {
  const location = headers.get("location");
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return undefined;
  const url = URL.parse(location, base.origin + base.path + request.path);
  if (url === null || url.username !== "" || url.password !== "")
    throw redirectError(source, "a redirect to no usable URL");
  if (!allowed.has(url.origin))
    throw redirectError(source, `a redirect to another origin (${url.origin})`, location);
  const keeps = status === 307 || status === 308 || safeMethods.has(request.method);
  const { body, ...rest } = request;
  const headersKept = new Map([...request.headers].filter(([name]) => keeps || name !== "content-type"));
  return {
    base: { origin: url.origin, path: "", trusted: isNamed(url.origin, around) },
    request: {
      ...rest,
      method: keeps ? request.method : "GET",
      path: url.pathname,
      query: url.search === "" ? [] : url.search.slice(1).split("&"),
      headers: headersKept,
      ...(keeps && body !== undefined && { body }),
    },
  };
}

function redirectError(source: string, what: string, location?: string): CodemodeError {
  return new CodemodeError("tool_failed", `"${source}" answered with ${what}, which is not followed.`, {
    hint: "The operator can allow an origin with the origins option.",
    ...(location !== undefined && { data: { location } }),
  });
}
