/**
 * Which client asks, for what is shared out fairly: the peer as the HTTP server knows it, the name that the client gives
 * itself, and its session where it has one. Nothing is decided by it but who waits for whom.
 */
import { CLIENT_INFO_META_KEY } from "@modelcontextprotocol/server";
import type { Server, ServerContext } from "@modelcontextprotocol/server";

/** Characters of a name that count; a client chooses it. */
const mostChars = 100;

/** From the widest to the narrowest. */
export function toClient(context: ServerContext, server: Server): readonly string[] {
  const envelope: { readonly [key: string]: unknown } | undefined = context.mcpReq.envelope;
  const told: unknown = Object(envelope?.[CLIENT_INFO_META_KEY])["name"];
  const name = typeof told === "string" ? told : (server.getClientVersion()?.name ?? "");
  const peer = context.http?.authInfo?.clientId ?? "";
  return [peer, name.slice(0, mostChars), context.sessionId ?? ""];
}
