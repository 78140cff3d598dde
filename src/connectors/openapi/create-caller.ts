/**
 * Carries out one call: from validated arguments to the value that the API answers with.
 */
import { CallError, toCallError } from "../../call-error.ts";
import type { CallContext, ToolCall } from "../../spec/source.ts";
import type { ParsedExactly } from "../../json/parse-exact.ts";
import { createAuthorizer } from "./authorize.ts";
import { allowedOrigins, type BaseUrl, chooseBaseUrl, type ServerSurroundings } from "./choose-base-url.ts";
import type { HttpOperation } from "./compiled-document.ts";
import { encodeRequest } from "./encode-request.ts";
import type { HttpClient } from "./http-client.ts";
import type { HttpRequest } from "./http-request.ts";
import type { LoadedDocument } from "./load-document.ts";
import { createTokenCache } from "./oauth2-tokens.ts";
import type { OpenApiSettings } from "./openapi-source-options.ts";
import { encodeRawRequest, rawRequestName } from "./raw-request.ts";
import { readAnswer } from "./read-answer.ts";
import { sendByHost } from "./send-by-host.ts";
import { createSender, type Sender } from "./send-request.ts";

/** Throws `CallError`s only. */
export type Caller = (call: ToolCall, context: CallContext) => Promise<ParsedExactly>;

export interface CallerOptions {
  readonly settings: OpenApiSettings;
  readonly loaded: LoadedDocument;
  readonly http: HttpClient;
}

export function createCaller({ settings, loaded, http }: CallerOptions): Caller {
  const { name: source, limits, secrets } = settings;
  const { document, operations, url } = loaded;
  const around: ServerSurroundings = { settings, document, ...(url !== undefined && { documentUrl: url }) };
  const tokens = createTokenCache(http);
  let sender: Sender | undefined;

  /** Made at the first call, since a document need not say where its API is before that. */
  function send(request: HttpRequest, base: BaseUrl, context: Parameters<Sender>[2]) {
    sender ??= createSender({
      source,
      http,
      around,
      limits,
      allowed: allowedOrigins(around),
      authorizer: createAuthorizer({
        source,
        document,
        around,
        tokens,
        secrets,
        ...(settings.credentials !== undefined && { credentials: settings.credentials }),
      }),
    });
    return sender(request, base, context);
  }

  return async (call, context) => {
    const raw =
      settings.request === true && call.upstreamName === rawRequestName && !operations.has(rawRequestName);
    const operation = raw ? anything : operations.get(call.upstreamName);
    if (operation === undefined) {
      throw new CallError("tool_not_found", `Source "${source}" has no operation "${call.upstreamName}".`, {
        outcome: "not_sent",
      });
    }
    const encoded = unsent(() => (raw ? encodeRawRequest(call.args) : encodeRequest(operation, call.args)));
    const keyed = withOwnHeaders(encoded, settings, context);
    if (settings.send !== undefined)
      return { value: await sendByHost(settings.send, keyed.request, context), inexact: [] };
    const sent = await send(
      keyed.request,
      unsent(() => chooseBaseUrl(operation, around)),
      {
        operation,
        principal: context.principal,
        signal: AbortSignal.any([context.signal, AbortSignal.timeout(context.timeoutMs)]),
        maxBytes: context.maxResultBytes,
        repeatable: keyed.repeatable,
        ...(context.leaving === undefined ? {} : { leaving: context.leaving }),
      },
    );
    const read = readAnswer(sent, { source, method: encoded.method, depth: limits.depth, secrets });
    if (!raw) return read;
    const { value: body, inexact } = read;
    const headers = [...sent.answer.headers];
    return {
      value: { status: sent.answer.status, headers: Object.fromEntries(headers), body },
      inexact: inexact.map((pointer) => `/body${pointer}`),
    };
  };
}

/** Nothing leaves while a request is put together. */
function unsent<T>(work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    throw toCallError(thrown, "not_sent");
  }
}

/** The raw request tool may do whatever the document's own security allows. */
const anything: HttpOperation = { id: rawRequestName, method: "*", path: "*", parameters: [], accepts: [] };

/** The operator's headers, the trace, and the idempotency key where the API honours one. */
function withOwnHeaders(
  request: HttpRequest,
  settings: OpenApiSettings,
  { idempotencyKey, idempotencyHeader, traceparent }: CallContext,
): { request: HttpRequest; repeatable: boolean } {
  const headers = new Map(request.headers);
  for (const [name, value] of Object.entries(settings.headers ?? {})) headers.set(name.toLowerCase(), value);
  if (traceparent !== undefined) headers.set("traceparent", traceparent);
  const keyHeader = (idempotencyHeader ?? settings.idempotencyHeader)?.toLowerCase();
  if (keyHeader !== undefined && idempotencyKey !== undefined && !headers.has(keyHeader))
    headers.set(keyHeader, idempotencyKey);
  return { request: { ...request, headers }, repeatable: keyHeader !== undefined && headers.has(keyHeader) };
}
