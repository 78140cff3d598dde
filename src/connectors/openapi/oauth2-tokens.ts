/**
 * Access tokens of the OAuth 2.0 client credentials grant (RFC 6749, 4.4): fetched when first needed, shared
 * by equal clients, and renewed before they expire or when the API refuses them.
 */
import { CallError } from "../../call-error.ts";
import { createHash } from "node:crypto";
import type { CodemodeError } from "../../errors.ts";
import { canonicalJson } from "../../schema/canonical-json.ts";
import { isRecord } from "../../schema/is-record.ts";
import type { OAuth2Client } from "./credential.ts";
import { acceptEncoding, type HttpClient } from "./http-client.ts";
import { formEncode } from "./percent-encode.ts";

export interface TokenRequest {
  readonly client: OAuth2Client;
  readonly tokenUrl: URL;
  readonly scopes: readonly string[];
  /** The operator has named the token's host, so that it may be private. */
  readonly trusted: boolean;
  readonly signal: AbortSignal;
}

export interface TokenCache {
  /** Throws `source_unavailable`; never shows a secret. */
  get(request: TokenRequest): Promise<string>;
  /** Forgets a token that was refused. */
  drop(request: TokenRequest, token: string): void;
}

interface KeptToken {
  readonly token: string;
  readonly expiresAt: number;
}

/** Renewed this long before it ends, so that a request under way does not meet its end. */
const marginMs = 30_000;
/** Where the server does not say (RFC 6749, 5.1 only recommends it). */
const defaultLifeMs = 300_000;
const maxTokenBytes = 256 * 1024;

export function createTokenCache(http: HttpClient, now: () => number = Date.now): TokenCache {
  const kept = new Map<string, KeptToken>();
  const fetching = new Map<string, Promise<KeptToken>>();

  async function fetchOnce(key: string, request: TokenRequest): Promise<KeptToken> {
    const under = fetching.get(key);
    if (under !== undefined) return await under;
    const started = fetchToken(http, request, now);
    fetching.set(key, started);
    try {
      const token = await started;
      kept.set(key, token);
      return token;
    } finally {
      fetching.delete(key);
    }
  }

  return {
    async get(request) {
      const key = keyOf(request);
      const known = kept.get(key);
      if (known !== undefined && known.expiresAt - marginMs > now()) return known.token;
      return (await fetchOnce(key, request)).token;
    },
    drop(request, token) {
      const key = keyOf(request);
      if (kept.get(key)?.token === token) kept.delete(key);
    },
  };
}

function keyOf({ client, tokenUrl, scopes }: TokenRequest): string {
  return createHash("sha256")
    .update(canonicalJson([client, tokenUrl.href, scopes]))
    .digest("hex");
}

async function fetchToken(http: HttpClient, request: TokenRequest, now: () => number): Promise<KeptToken> {
  const { client, tokenUrl, scopes, signal, trusted } = request;
  const form = [["grant_type", "client_credentials"]];
  if (scopes.length > 0) form.push(["scope", scopes.join(" ")]);
  if (client.audience !== undefined) form.push(["audience", client.audience]);
  const headers = new Map([
    ["accept", "application/json"],
    ["accept-encoding", acceptEncoding],
    ["content-type", "application/x-www-form-urlencoded"],
  ]);
  if (client.clientAuth === "body")
    form.push(["client_id", client.clientId], ["client_secret", client.clientSecret]);
  // RFC 6749, 2.3.1: both are form-encoded before they are joined.
  else
    headers.set(
      "authorization",
      `Basic ${base64(`${formEncode(client.clientId)}:${formEncode(client.clientSecret)}`)}`,
    );
  const body = form.map(([name = "", value = ""]) => `${formEncode(name)}=${formEncode(value)}`).join("&");
  const answer = await http.send({
    method: "POST",
    origin: tokenUrl.origin,
    target: tokenUrl.pathname + tokenUrl.search,
    headers,
    body: Buffer.from(body),
    signal,
    maxBytes: maxTokenBytes,
    trusted,
  });
  const granted = parse(answer.body.toString());
  const token = granted["access_token"];
  if (answer.status !== 200 || typeof token !== "string") {
    // A code of RFC 6749, 5.2; anything else may repeat what it was sent.
    const { error } = granted;
    const reason =
      typeof error === "string" && /^[a-z_]{1,40}$/.test(error) ? error : `HTTP ${answer.status}`;
    throw unavailable(`The token endpoint ${tokenUrl.origin} refused the client: ${reason}.`);
  }
  const life = Number(granted["expires_in"]);
  return { token, expiresAt: now() + (life > 0 ? life * 1000 : defaultLifeMs) };
}

function parse(text: string): { readonly [key: string]: unknown } {
  try {
    const parsed: unknown = JSON.parse(text);
    return isRecord(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

function unavailable(message: string): CodemodeError {
  return new CallError("source_unavailable", message, {
    hint: "Check oauth2.clientId, clientSecret, scopes and tokenUrl.",
    outcome: "not_sent",
  });
}
