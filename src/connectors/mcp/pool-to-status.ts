/**
 * Says in a few lines how a source is doing: for `doctor` and for the list of sources.
 */
import type { SourceStatus } from "../../spec/source.ts";
import type { Secrets } from "../../redact/create-secrets.ts";
import type { McpSession } from "./mcp-session.ts";
import type { SessionPool } from "./session-pool.ts";

const shownErrorLines = 20;

export function poolToStatus(pool: SessionPool, secrets: Secrets): SourceStatus {
  if (pool.closed) return { state: "closed" };
  const sessions = pool.slots.flatMap(({ session }) => (session === undefined ? [] : [session]));
  if (sessions.length > 0)
    return { state: "ready", details: sessions.flatMap((session) => describe(session, secrets)) };
  if (pool.slots.some(({ opening }) => opening !== undefined)) return { state: "starting" };
  const failed = pool.slots.find(({ failure }) => failure !== undefined)?.failure;
  if (failed === undefined) return { state: "idle" };
  // The words its process said last are the reason as well: whoever shows one line shows them.
  const [, ...details] = failed.message.split("\n");
  const reason = failed.message.replaceAll(/\s*\n\s*/g, "; ").replace("stderr:;", "stderr:");
  return {
    state: "failed",
    reason: failed.hint === undefined ? reason : `${reason} ${failed.hint}`,
    details,
  };
}

function describe({ client, transport, process, gate, entry }: McpSession, secrets: Secrets): string[] {
  const server = client.getServerVersion();
  const lines = [
    `transport: ${transport}${process?.pid === undefined ? "" : ` (process ${process.pid})`}`,
    `protocol: ${client.getNegotiatedProtocolVersion() ?? "unknown"}`,
    ...(server === undefined ? [] : [`server: ${server.name} ${server.version}`]),
    ...(entry.principal === "local" ? [] : [`principal: ${entry.principal}`]),
  ];
  if (process !== undefined && process.strayLines > 0) {
    lines.push(`lines on stdout that are no messages: ${process.strayLines} (a server must log to stderr)`);
  }
  if (gate.watch.unsolicited > 0) lines.push(`messages nobody asked for: ${gate.watch.unsolicited}`);
  return [
    ...lines,
    ...(process?.errorLines.last(shownErrorLines) ?? []).map((line) => `stderr: ${secrets.cut(line)}`),
  ];
}
