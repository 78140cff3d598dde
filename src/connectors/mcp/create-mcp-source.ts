/**
 * The MCP connector: makes a source of an MCP server, whether a command or a URL, of either era of the
 * protocol. Lists and calls its tools; safe names, policy and the validation of arguments are the core's.
 */
import { CodemodeError, toCodemodeError } from "../../errors.ts";
import { isRecord } from "../../schema/is-record.ts";
import type { CallContext, Source, SourceStatus, ToolCall, ToolOutcome } from "../../spec/source.ts";
import type { SourceListing } from "../../spec/tool.ts";
import { argsToJson } from "./args-to-json.ts";
import { entryFingerprint } from "./entry-fingerprint.ts";
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
  return new McpSource(toMcpSettings(name, options));
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

  async call(call: ToolCall, context: CallContext): Promise<ToolOutcome> {
    const deadline = AbortSignal.timeout(context.timeoutMs);
    const until = Date.now() + context.timeoutMs;
    const signal = AbortSignal.any([context.signal, deadline]);
    try {
      const request = this.#toRequest(call, context);
      const bounds = { signal, maxBytes: context.maxResultBytes };
      const result = await this.#withSession(context.principal, signal, (session) =>
        session.callTool(request, { ...bounds, timeoutMs: Math.max(1, until - Date.now()) }),
      );
      const { depth } = this.#settings.limits;
      return {
        value: resultToValue(result, { source: this.name, tool: call.upstreamName, depth }),
        labels: [],
      };
    } catch (thrown) {
      const error = toCodemodeError(thrown);
      if (error.code !== "run_cancelled" || context.signal.aborted) throw error;
      throw new CodemodeError(
        "source_timeout",
        `"${this.name}" did not answer ${call.upstreamName} within ${context.timeoutMs} ms.`,
        {
          hint: "It was told to stop, but what it had begun may still take effect.",
          data: error.data,
        },
      );
    }
  }

  status(): SourceStatus {
    return poolToStatus(this.#pool);
  }

  onListChanged(listener: () => void): Disposable {
    return this.#changes.add(listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#changes[Symbol.dispose]();
    await this.#pool.close();
  }

  #toRequest({ upstreamName, args }: ToolCall, context: CallContext): ToolRequest {
    const { onProgress } = context;
    return {
      name: upstreamName,
      args: argsToJson(upstreamName, args),
      traceparent: context.traceparent,
      inputSchema: this.#headerSchemas.get(upstreamName),
      onProgress:
        onProgress === undefined
          ? undefined
          : ({ progress, total, message }) =>
              onProgress({
                done: progress,
                ...(total === undefined ? {} : { total }),
                ...(message === undefined ? {} : { message: message.slice(0, 1_000) }),
              }),
    };
  }

  /** A request that a lost connection kept from the server is made once more on a new one. */
  async #withSession<T>(
    principal: string,
    signal: AbortSignal,
    use: (session: McpSession) => Promise<T>,
  ): Promise<T> {
    const session = await this.#pool.acquire(principal, signal);
    try {
      return await use(session);
    } catch (error) {
      if (!session.ended || !isUnsent(error) || signal.aborted) throw error;
    }
    return await use(await this.#pool.acquire(principal, signal));
  }
}

function isUnsent(error: unknown): boolean {
  return error instanceof CodemodeError && isRecord(error.data) && error.data["sent"] === false;
}

function namesHeaders(input: unknown): input is { readonly [keyword: string]: unknown } {
  return isRecord(input) && JSON.stringify(input).includes('"x-mcp-header"');
}
