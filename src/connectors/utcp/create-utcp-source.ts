/**
 * The UTCP connector: a manual as a source. HTTP tools go through the OpenAPI connector; text tools answer with their
 * text; commands run where the operator allows them.
 */
import { CallError, withOutcome } from "../../call-error.ts";
import { createHash } from "node:crypto";
import { toCodemodeError } from "../../errors.ts";
import { canonicalJson } from "../../schema/canonical-json.ts";
import { createSecrets, type Secrets } from "../../redact/create-secrets.ts";
import { hideSecrets } from "../../redact/hide-secrets.ts";
import { secretsIn } from "../../redact/secrets-in.ts";
import type { CallContext, Source, SourceStatus, ToolCall, ToolOutcome } from "../../spec/source.ts";
import type { Json } from "../../spec/value.ts";
import { shownUrl } from "../identity/shown-settings.ts";
import { openManual, type OpenManual } from "./open-manual.ts";
import type { UtcpSourceOptions } from "./utcp-source-options.ts";

/** A source of every tool of a UTCP manual. Nothing is read or fetched before the first `list` or `call`. */
export function createUtcpSource(name: string, given: UtcpSourceOptions): Source {
  const secrets = createSecrets();
  const options = { ...given, variables: () => readVariables(given, secrets) };
  const closing = new AbortController();
  let ready: UsedManual | undefined;
  let loading: Promise<UsedManual> | undefined;
  let status: SourceStatus = { state: "idle" };

  function load(): Promise<UsedManual> {
    loading ??= loadOnce().finally(() => {
      loading = undefined;
    });
    return loading;
  }

  async function loadOnce(): Promise<UsedManual> {
    if (closing.signal.aborted)
      throw new CallError("source_unavailable", `Source "${name}" is closed.`, { outcome: "not_sent" });
    if (ready === undefined) status = { state: "starting" };
    try {
      const opened = new UsedManual(await openManual(name, options, { closing: closing.signal, secrets }));
      await ready?.retire();
      ready = opened;
      const { tools, issues } = ready.manual.listing;
      status = { state: "ready", details: [`${tools.length} tools, ${issues.length} left out`] };
      return ready;
    } catch (thrown) {
      const { message, hint } = toCodemodeError(thrown);
      status = { state: "failed", reason: hint === undefined ? message : `${message} ${hint}` };
      throw thrown;
    }
  }

  /** Nothing of a call can have left before it is known where to. */
  async function loadForCall(): Promise<UsedManual> {
    try {
      return await load();
    } catch (thrown) {
      throw withOutcome(thrown, "not_sent");
    }
  }

  const source: Source = {
    name,
    kind: "utcp",
    fingerprint: createHash("sha256")
      .update(
        canonicalJson([toStamp(options.manual), options.commands === true, [...(options.origins ?? [])]]),
      )
      .digest("hex"),
    identity: async (request) => {
      const used = request.offline === true ? ready : (ready ?? (await load()));
      const apis = (used?.manual.apis ?? []).map((api) => api.identity(request));
      const origins = (await Promise.all(apis)).flatMap(({ baseUrl }) => baseUrl ?? []);
      return {
        kind: "utcp",
        ...(typeof options.manual === "string" ? { url: shownUrl(options.manual) } : {}),
        ...(origins.length === 0 ? {} : { baseUrl: origins.toSorted().join(" ") }),
      };
    },
    list: async () => (await load()).manual.listing,
    async call({ upstreamName, args }: ToolCall, context: CallContext): Promise<ToolOutcome> {
      const used = ready ?? (await loadForCall());
      const call = used.manual.calls.get(upstreamName);
      if (call === undefined)
        throw new CallError("tool_not_found", `"${name}" has no tool "${upstreamName}" any more.`, {
          outcome: "not_sent",
        });
      return { ...(await used.during(() => call(args, context))), labels: [] };
    },
    status: () => status,
    async [Symbol.asyncDispose]() {
      closing.abort();
      await loading?.catch(() => undefined);
      await ready?.close();
      status = { state: "closed" };
    },
  };
  return hideSecrets(source, secrets);
}

/** Whatever is filled into a manual is sent to where it says. */
async function readVariables(
  { variables }: UtcpSourceOptions,
  secrets: Secrets,
): Promise<{ readonly [name: string]: string }> {
  const values = (await variables?.()) ?? {};
  for (const [name, value] of Object.entries(values))
    secrets.add(secretsIn({ name, value, template: `\${${name}}` }));
  return values;
}

/** It is read again before every approved write, while calls by its earlier reading may be under way. */
class UsedManual {
  readonly manual: OpenManual;
  #calls = 0;
  #retired = false;

  constructor(manual: OpenManual) {
    this.manual = manual;
  }

  async during<T>(call: () => Promise<T>): Promise<T> {
    this.#calls += 1;
    try {
      return await call();
    } finally {
      this.#calls -= 1;
      if (this.#retired && this.#calls === 0) await this.close();
    }
  }

  /** Closed once the last call has ended. */
  async retire(): Promise<void> {
    this.#retired = true;
    if (this.#calls === 0) await this.close();
  }

  async close(): Promise<void> {
    await Promise.all(this.manual.apis.map((api) => api[Symbol.asyncDispose]()));
  }
}

function toStamp(manual: string | object): Json {
  return typeof manual === "string" ? manual : (JSON.parse(JSON.stringify(manual)) as Json);
}
