/**
 * The OpenAPI connector: an API description as a source. Loads its document when first needed, then encodes,
 * authorises, sends and reads one request per call.
 */
import { CallError, withOutcome } from "../../call-error.ts";
import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { toCodemodeError } from "../../errors.ts";
import { canonicalJson } from "../../schema/canonical-json.ts";
import { hideSecrets } from "../../redact/hide-secrets.ts";
import type { CallContext, Source, SourceStatus, ToolCall, ToolOutcome } from "../../spec/source.ts";
import type { SourceListing } from "../../spec/tool.ts";
import { createCaller, type Caller } from "./create-caller.ts";
import { documentIdentity } from "./document-identity.ts";
import { createHttpClient } from "./http-client.ts";
import { loadDocument, type LoadedDocument } from "./load-document.ts";
import {
  type OpenApiSettings,
  type OpenApiSourceOptions,
  toOpenApiSettings,
} from "./openapi-source-options.ts";
import { rawRequestName, rawRequestTool } from "./raw-request.ts";

interface Ready {
  readonly loaded: LoadedDocument;
  readonly caller: Caller;
}

/**
 * A source of every operation of an OpenAPI 3.0–3.2 or Swagger 2.0 document. Nothing is read or fetched
 * before the first `list` or `call`.
 */
export function createOpenApiSource(name: string, options: OpenApiSourceOptions): Source {
  const settings = toOpenApiSettings(name, options);
  const http = createHttpClient({ connections: settings.limits.connections });
  const closing = new AbortController();
  let ready: Ready | undefined;
  let loading: Promise<Ready> | undefined;
  let status: SourceStatus = { state: "idle" };

  /** One load at a time; those who ask meanwhile share it. */
  function load(): Promise<Ready> {
    loading ??= loadOnce().finally(() => {
      loading = undefined;
    });
    return loading;
  }

  async function loadOnce(): Promise<Ready> {
    if (closing.signal.aborted)
      throw new CallError("source_unavailable", `Source "${name}" is closed.`, { outcome: "not_sent" });
    if (ready === undefined) status = { state: "starting" };
    try {
      const current = ready?.loaded;
      const loaded = await loadDocument({
        settings,
        http,
        signal: closing.signal,
        ...(current !== undefined && { current }),
      });
      if (ready === undefined || loaded.document !== current?.document)
        ready = { loaded, caller: createCaller({ settings, loaded, http }) };
      else ready = { ...ready, loaded };
      status = { state: "ready", details: detailsOf(loaded) };
      return ready;
    } catch (thrown) {
      const error = toCodemodeError(thrown);
      status = {
        state: "failed",
        reason: error.hint === undefined ? error.message : `${error.message} ${error.hint}`,
      };
      throw error;
    }
  }

  /** Nothing of a call can have left before it is known where to. */
  async function loadForCall(signal: AbortSignal): Promise<Ready> {
    try {
      return await unlessAborted(load(), signal, name);
    } catch (thrown) {
      throw withOutcome(thrown, "not_sent");
    }
  }

  const source: Source = {
    name,
    kind: "openapi",
    fingerprint: fingerprintOf(settings),
    identity: async ({ signal, offline }) => {
      const loaded = offline === true ? ready : (ready ?? (await unlessAborted(load(), signal, name)));
      return documentIdentity(settings, loaded?.loaded);
    },
    ...(settings.idempotencyHeader !== undefined && { idempotency: { header: settings.idempotencyHeader } }),
    async list({ signal }): Promise<SourceListing> {
      const { loaded } = await unlessAborted(load(), signal, name);
      const { listing } = loaded.document;
      const whole = settings.request === true ? withRawRequest(listing) : listing;
      return loaded.outage === undefined ? whole : { ...whole, outage: loaded.outage };
    },
    async call(call: ToolCall, context: CallContext): Promise<ToolOutcome> {
      const { caller } = ready ?? (await loadForCall(context.signal));
      return { ...(await caller(call, context)), labels: [] };
    },
    status: () => status,
    async [Symbol.asyncDispose]() {
      closing.abort();
      http[Symbol.dispose]();
      await loading?.catch(() => undefined);
      ready = undefined;
      status = { state: "closed" };
    },
  };
  return hideSecrets(source, settings.secrets);
}

function withRawRequest(listing: SourceListing): SourceListing {
  const taken = listing.tools.some(
    (tool) => tool.upstreamName === rawRequestName || tool.name.join(".") === rawRequestName,
  );
  if (!taken) return { ...listing, tools: [...listing.tools, rawRequestTool] };
  const reason = 'The raw request tool is not offered: the API has an operation named "request".';
  return {
    ...listing,
    issues: [...listing.issues, { upstreamName: rawRequestName, kind: "left_out", reason }],
  };
}

function detailsOf({ document, origin, url, outage }: LoadedDocument): string[] {
  const { tools, issues } = document.listing;
  const leftOut = issues.filter((issue) => issue.kind === "left_out").length;
  return [
    `${tools.length} operations, ${leftOut} left out, ${issues.length - leftOut} remarks`,
    `document ${origin === "kept" ? "loaded from its kept form" : "parsed"}${url === undefined ? "" : `, from ${new URL(url).origin}`}`,
    ...(outage === undefined ? [] : [`the copy fetched last is used: ${outage}`]),
  ];
}

/** Where the document is and, of a file, which one it is; no secret. */
function fingerprintOf({ spec, request, baseUrl, hide }: OpenApiSettings): string {
  const document = typeof spec === "string" ? [spec, fileStamp(spec)] : objectStamp(spec);
  return createHash("sha256")
    .update(canonicalJson([document, request === true, baseUrl, hide]))
    .digest("hex");
}

/** An object that cannot be written is refused when it is listed, with a better reason. */
function objectStamp(spec: object): string {
  try {
    return JSON.stringify(spec);
  } catch {
    return "unwritable";
  }
}

function fileStamp(spec: string): string | undefined {
  if (/^https?:/i.test(spec)) return undefined;
  const found = statSync(spec.startsWith("file:") ? new URL(spec) : spec, { throwIfNoEntry: false });
  return found === undefined ? undefined : `${found.size} ${found.mtimeMs}`;
}

/** Who waits may stop waiting; the load itself goes on for the others. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal, name: string): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void =>
    reject(new CallError("run_cancelled", `Waiting for "${name}" was cancelled.`, { outcome: "not_sent" }));
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
    promise.catch(() => undefined);
  }
}
