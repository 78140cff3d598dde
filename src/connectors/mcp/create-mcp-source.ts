/**
 * The MCP connector: makes a source of an MCP server, whether a command or a URL, of either era of the
 * protocol. Lists and calls its tools; safe names, policy and the validation of arguments are the core's.
 */
import { CallError, outcomeOf, toCallError, withOutcome } from "../../call-error.ts";
import { isRecord } from "../../schema/is-record.ts";
import { hideSecrets } from "../../redact/hide-secrets.ts";
import type {
  CallContext,
  FeatureRequest,
  Source,
  SourceStatus,
  ToolCall,
  ToolOutcome,
} from "../../spec/source.ts";
import type { IdentityRequest, SourceIdentity } from "../../spec/source-identity.ts";
import type { SourceListing } from "../../spec/tool.ts";
import type { Value } from "../../spec/value.ts";
import { argsToJson } from "./args-to-json.ts";
import { AskingCall, mostAskingMs } from "./asking-call.ts";
import { askFeature } from "./ask-feature.ts";
import { entryFingerprint } from "./entry-fingerprint.ts";
import { entryIdentity } from "./entry-identity.ts";
import { listTools } from "./list-tools.ts";
import type { McpSession, ToolRequest } from "./mcp-session.ts";
import { toMcpSettings, type McpSettings, type McpSourceOptions } from "./mcp-source-options.ts";
import { poolToStatus } from "./pool-to-status.ts";
import { resultToValue } from "./result-to-value.ts";
import { SessionPool } from "./session-pool.ts";
import { ChangeSpreader } from "./spread-changes.ts";

export type { McpSourceOptions } from "./mcp-source-options.ts";

/** Nothing is dialled until the first listing or call. `name` is the entry's name in the configuration. */
export function createMcpSource(name: string, options: McpSourceOptions): Source {
  const settings = toMcpSettings(name, options);
  return hideSecrets(new McpSource(settings), settings.secrets);
}

/** Listings are the same for everyone; they are asked for on behalf of the single user. */
const listingPrincipal = "local";

class McpSource implements Source {
  readonly name: string;
  readonly kind = "mcp";
  readonly fingerprint: string;
  readonly #settings: McpSettings;
  readonly #changes = new ChangeSpreader();
  readonly #pool: SessionPool;
  /** Schemas of the tools some of whose arguments travel as HTTP headers as well. */
  #headerSchemas = new Map<string, { readonly [keyword: string]: unknown }>();

  constructor(settings: McpSettings) {
    this.name = settings.name;
    this.fingerprint = entryFingerprint(settings);
    this.#settings = settings;
    this.#pool = new SessionPool(settings, { listChanged: () => this.#changes.note() });
  }

  async list({ signal }: { readonly signal: AbortSignal }): Promise<SourceListing> {
    return await this.#withSession(listingPrincipal, signal, async (session) => {
      const listing = await listTools(session, this.#settings, signal);
      this.#headerSchemas = new Map(
        listing.tools.flatMap(({ upstreamName, input }) =>
          namesHeaders(input) ? [[upstreamName, input]] : [],
        ),
      );
      return listing;
    });
  }

  identity({ principal }: IdentityRequest): Promise<SourceIdentity> {
    return entryIdentity(this.#settings, principal);
  }

  async call(call: ToolCall, context: CallContext): Promise<ToolOutcome> {
    const { signal, timeoutMs } = context;
    // The core's deadline rests while somebody is asked; this one only bounds what was forgotten.
    const until = Date.now() + timeoutMs + (context.relay === undefined ? 0 : mostAskingMs);
    const asking = new AskingCall(context.relay, this.#settings.relay);
    const waiting = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    try {
      const request = { ...this.#toRequest(call, context), ...asking.given };
      const { result, inexact } = await this.#withSession(context.principal, waiting, (session) =>
        session.callTool(request, { signal, timeoutMs, until, maxBytes: context.maxResultBytes }),
      );
      const { depth } = this.#settings.limits;
      const setting = { source: this.name, tool: call.upstreamName, depth, inexact };
      return { ...resultToValue(result, setting), labels: [] };
    } catch (thrown) {
      const error = asking.explain(toCallError(thrown, "unknown"));
      if (error.code !== "run_cancelled" || signal.aborted) throw error;
      throw new CallError(
        "source_timeout",
        `"${this.name}" did not start within the ${timeoutMs} ms that ${call.upstreamName} may take.`,
        { cause: error, hint: "It goes on starting: try again in a moment.", outcome: "not_sent" },
      );
    }
  }

  async feature(request: FeatureRequest, context: CallContext): Promise<Value> {
    const { signal, timeoutMs, principal, maxResultBytes: maxBytes } = context;
    const bounds = { signal, timeoutMs, until: Date.now() + timeoutMs, maxBytes };
    const { depth } = this.#settings.limits;
    return await this.#withSession(principal, signal, (session) =>
      askFeature(request, async (method, params) => (await session.ask(method, params, bounds)).result, {
        source: this.name,
        depth,
      }),
    );
  }

  status(): SourceStatus {
    return poolToStatus(this.#pool, this.#settings.secrets);
  }

  onListChanged(listener: () => void): Disposable {
    return this.#changes.add(listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#changes[Symbol.dispose]();
    await this.#pool.close();
  }

  #toRequest({ upstreamName, args }: ToolCall, context: CallContext): ToolRequest {
    return {
      name: upstreamName,
      args: argsToJson(upstreamName, args),
      traceparent: context.traceparent,
      inputSchema: this.#headerSchemas.get(upstreamName),
      ...(context.leaving === undefined ? {} : { leaving: context.leaving }),
      ...(context.onProgress === undefined ? {} : { onProgress: context.onProgress }),
    };
  }

  /** A request that a lost connection kept from the server is made once more on a new one. */
  async #withSession<T>(
    principal: string,
    signal: AbortSignal,
    use: (session: McpSession) => Promise<T>,
  ): Promise<T> {
    const session = await this.#acquire(principal, signal);
    try {
      return await use(session);
    } catch (error) {
      if (!session.ended || !isUndone(error) || signal.aborted) throw error;
    }
    return await use(await this.#acquire(principal, signal));
  }

  /** Before there is a connection nothing of a call can have left. */
  async #acquire(principal: string, signal: AbortSignal): Promise<McpSession> {
    try {
      return await this.#pool.acquire(principal, signal);
    } catch (thrown) {
      throw withOutcome(thrown, "not_sent");
    }
  }
}

function isUndone(error: unknown): boolean {
  const outcome = outcomeOf(error);
  return outcome === "not_sent" || outcome === "refused";
}

function namesHeaders(input: unknown): input is { readonly [keyword: string]: unknown } {
  return isRecord(input) && JSON.stringify(input).includes('"x-mcp-header"');
}
