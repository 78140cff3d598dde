/**
 * Opens one connection: finds out which transport and which era of the protocol the server speaks, within
 * one deadline. A command is started once where it can be, and a second time only when the question for its
 * revision made it exit.
 */
import {
  Client,
  ProtocolError,
  SdkError,
  SdkErrorCode,
  SSEClientTransport,
  StreamableHTTPClientTransport,
  type Transport,
  type VersionNegotiationMode,
} from "@modelcontextprotocol/client";
import { CodemodeError } from "../../errors.ts";
import { createBoundedFetch } from "./bounded-fetch.ts";
import { McpSession } from "./mcp-session.ts";
import type { McpSettings } from "./mcp-source-options.ts";
import { MessageGate, ProcessGate } from "./message-gate.ts";
import { noValidator } from "./permissive-schemas.ts";
import { ProcessTransport } from "./process-transport.ts";
import type { ResolvedEntry, ResolvedUrl } from "./resolve-entry.ts";
import { httpStatus, isNetworkFailure } from "./read-failure.ts";
import { TrafficWatch } from "./traffic-watch.ts";

/** What an earlier connection learned, so that the next one asks less. */
export interface KnownServer {
  era?: "legacy" | "modern";
  transport?: "http" | "sse";
}

interface OpeningContext {
  readonly known: KnownServer;
  /** Gives the attempt up. */
  readonly signal: AbortSignal;
  /** Told of every connection that is still being closed when this rejects. */
  readonly leave: (closing: Promise<void>) => void;
}

/** The only one so far that is not reached by the older handshake. */
const newRevision = "2026-07-28";

interface Attempt {
  readonly transport: "stdio" | "http" | "sse";
  readonly mode: VersionNegotiationMode;
}

/** Throws `source_unavailable`, `source_timeout` or `source_invalid`. */
export async function openSession(
  settings: McpSettings,
  entry: ResolvedEntry,
  { known, signal, leave }: OpeningContext,
): Promise<McpSession> {
  const deadline = Date.now() + settings.timeouts.start;
  let attempt = firstAttempt(entry, known);
  let first: CodemodeError | undefined;
  for (;;) {
    const session = prepare(settings, entry, attempt);
    try {
      await connect(session, { signal, deadline });
      known.era = session.client.getProtocolEra() ?? "legacy";
      if (attempt.transport !== "stdio") known.transport = attempt.transport;
      session.connected();
      return session;
    } catch (thrown) {
      first ??= session.connectError(thrown);
      const error = typeof attempt.mode === "object" ? first : session.connectError(thrown);
      leave(session.close());
      const next = nextAttempt(attempt, { entry, thrown, ended: session.process?.ended !== undefined });
      if (next === undefined || signal.aborted || Date.now() >= deadline) {
        delete known.era;
        delete known.transport;
        throw error;
      }
      attempt = next;
    }
  }
}

function firstAttempt({ target }: ResolvedEntry, known: KnownServer): Attempt {
  const mode = known.era === "legacy" ? "legacy" : "auto";
  if (target.transport === "stdio") return { transport: "stdio", mode };
  const transport = target.type ?? known.transport ?? "http";
  return transport === "sse" ? { transport, mode: "legacy" } : { transport, mode };
}

/** Each step asks for less; after the last one the error stands. */
function nextAttempt(
  { transport, mode }: Attempt,
  failure: { readonly entry: ResolvedEntry; readonly thrown: unknown; readonly ended: boolean },
): Attempt | undefined {
  const { thrown, entry } = failure;
  if (thrown instanceof CodemodeError) return undefined;
  if (transport === "stdio") {
    if (mode !== "auto") return undefined;
    if (failure.ended) return { transport, mode: "legacy" };
    // It was slow to answer the first question, and then refused to be asked as an old server.
    return thrown instanceof ProtocolError ? { transport, mode: { pin: newRevision } } : undefined;
  }
  const status = httpStatus(thrown);
  if (status === 401 || status === 403 || status === 407 || status === 429) return undefined;
  if (isNetworkFailure(thrown) || transport === "sse") return undefined;
  const handshakeRefused = status !== undefined && status >= 400 && status < 500;
  if (mode === "auto" && !handshakeRefused) return { transport, mode: "legacy" };
  const mayFallBack = entry.target.transport === "http" && entry.target.type === undefined;
  return mayFallBack && handshakeRefused ? { transport: "sse", mode: "legacy" } : undefined;
}

function prepare(settings: McpSettings, entry: ResolvedEntry, attempt: Attempt): McpSession {
  const watch = new TrafficWatch(settings.name, settings.limits.messageBytes);
  const client = new Client(settings.clientInfo, {
    capabilities: {
      ...(settings.relay.elicitation ? { elicitation: { form: {} } } : {}),
      ...(settings.relay.sampling ? { sampling: {} } : {}),
    },
    jsonSchemaValidator: noValidator,
    inputRequired: { autoFulfill: false },
    versionNegotiation: { mode: attempt.mode, probe: { timeoutMs: probeMs(settings, attempt) } },
  });
  const { target } = entry;
  if (target.transport === "stdio") {
    const process = new ProcessTransport(settings, target, watch);
    const gate = new ProcessGate(process, watch);
    gate.relayed = toRelayed(settings);
    return new McpSession({ settings, entry, client, gate, process, transport: "stdio" });
  }
  const gate = new MessageGate(createUrlTransport(target, attempt, watch), watch);
  gate.relayed = toRelayed(settings);
  return new McpSession({ settings, entry, client, gate, transport: attempt.transport });
}

function toRelayed({ relay }: McpSettings): ReadonlySet<string> {
  return new Set([
    ...(relay.elicitation ? ["elicitation/create"] : []),
    ...(relay.sampling ? ["sampling/createMessage"] : []),
  ]);
}

function createUrlTransport(target: ResolvedUrl, attempt: Attempt, watch: TrafficWatch): Transport {
  const boundedFetch = createBoundedFetch(target, watch);
  return attempt.transport === "sse"
    ? new SSEClientTransport(target.url, { fetch: boundedFetch })
    : new StreamableHTTPClientTransport(target.url, {
        fetch: boundedFetch,
        reconnectionOptions: {
          initialReconnectionDelay: 1_000,
          maxReconnectionDelay: 30_000,
          reconnectionDelayGrowFactor: 2,
          maxRetries: 8,
        },
      });
}

function probeMs({ timeouts }: McpSettings, { transport, mode }: Attempt): number {
  return transport === "stdio" && mode === "auto"
    ? Math.min(timeouts.probe, timeouts.start / 2)
    : timeouts.start;
}

/** The client has no deadline for opening a transport, nor for all its steps together. */
async function connect(
  session: McpSession,
  { signal, deadline }: { readonly signal: AbortSignal; readonly deadline: number },
): Promise<void> {
  const left = Math.max(1, deadline - Date.now());
  const stopped = Promise.withResolvers<never>();
  const giveUp = () => stopped.reject(new SdkError(SdkErrorCode.ConnectionClosed, "given up"));
  const timer = setTimeout(() => stopped.reject(new SdkError(SdkErrorCode.RequestTimeout, "too late")), left);
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    if (signal.aborted) giveUp();
    const connecting = session.client.connect(session.gate, { timeout: left + 1_000 });
    connecting.catch(() => undefined);
    await Promise.race([connecting, stopped.promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", giveUp);
    stopped.promise.catch(() => undefined);
  }
}
