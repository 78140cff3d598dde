/**
 * What a client says that it can do: told once where sessions are initialized, and with each request since 2026-07-28.
 */
import { CLIENT_CAPABILITIES_META_KEY } from "@modelcontextprotocol/server";
import type { ClientCapabilities, ServerContext } from "@modelcontextprotocol/server";

export function clientCapabilities(
  { mcpReq }: ServerContext,
  declared: ClientCapabilities | undefined,
): ClientCapabilities {
  const envelope: { readonly [key: string]: unknown } | undefined = mcpReq.envelope;
  if (envelope === undefined) return declared ?? {};
  // The SDK has validated the envelope before it gives it here.
  return (envelope[CLIENT_CAPABILITIES_META_KEY] as ClientCapabilities | undefined) ?? {};
}

/** Before there were modes, declaring nothing meant forms. */
export function offersForms({ elicitation }: ClientCapabilities): boolean {
  return elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined);
}
