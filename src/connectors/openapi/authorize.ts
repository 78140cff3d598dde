/**
 * Adds the secrets to a request, last of all and for an allowed origin only. What it adds is known to the
 * redaction that every answer passes.
 */
import { CallError } from "../../call-error.ts";
import type { CodemodeError } from "../../errors.ts";
import type { Secrets } from "../../redact/create-secrets.ts";
import type { Credentials } from "../../spec/source.ts";
import { type BaseUrl, allowedOrigins, isNamed, type ServerSurroundings } from "./choose-base-url.ts";
import type { CompiledDocument, HttpOperation } from "./compiled-document.ts";
import {
  type Attachment,
  attachmentsFor,
  type OpenApiCredential,
  parseCredential,
  secretsOf,
} from "./credential.ts";
import type { HttpRequest } from "./http-request.ts";
import type { TokenCache, TokenRequest } from "./oauth2-tokens.ts";
import { percentEncode } from "./percent-encode.ts";

export interface AuthorizedRequest {
  readonly request: HttpRequest;
  /** Drops the token that was used, when the API says that it is no longer good; `false` when there was none. */
  renew(): boolean;
}

export interface Authorizer {
  /** Throws `source_unavailable` with `sent: false`. */
  authorize(request: HttpRequest, to: AuthorizationTarget): Promise<AuthorizedRequest>;
}

export interface AuthorizationTarget {
  readonly operation: Pick<HttpOperation, "security">;
  readonly base: BaseUrl;
  readonly principal: string;
  readonly signal: AbortSignal;
}

export interface AuthorizerOptions {
  readonly source: string;
  readonly credentials?: Credentials;
  readonly document: CompiledDocument;
  readonly around: ServerSurroundings;
  readonly tokens: TokenCache;
  /** Is told of whatever is sent. */
  readonly secrets: Secrets;
}

export function createAuthorizer(options: AuthorizerOptions): Authorizer {
  const { source, credentials, document, around, tokens, secrets } = options;
  const allowed = allowedOrigins(around);

  async function credentialFor({
    base,
    principal,
  }: AuthorizationTarget): Promise<OpenApiCredential | undefined> {
    if (credentials === undefined || !allowed.has(base.origin)) return undefined;
    return parseCredential(await credentials.for({ source, principal, origin: base.origin }), source);
  }

  function tokenRequest(
    attachment: Extract<Attachment, { place: "oauth2" }>,
    target: AuthorizationTarget,
  ): TokenRequest {
    const { client } = attachment;
    const stated = attachment.tokenUrl;
    const tokenUrl = URL.parse(client.tokenUrl ?? stated ?? "", target.base.origin);
    if (tokenUrl === null || (client.tokenUrl === undefined && stated === undefined)) {
      throw unavailable(source, "the document states no token URL");
    }
    // The client's secret goes there, so that a document alone may not choose the host.
    if (client.tokenUrl === undefined && !allowed.has(tokenUrl.origin)) {
      throw unavailable(source, `the token URL is at ${tokenUrl.origin}, which is not the API's own origin`);
    }
    return {
      client,
      tokenUrl,
      scopes: client.scopes ?? [],
      trusted: client.tokenUrl !== undefined || isNamed(tokenUrl.origin, around),
      signal: target.signal,
    };
  }

  return {
    async authorize(request, target) {
      const credential = await credentialFor(target);
      if (credential === undefined) return { request, renew: () => false };
      const headers = new Map(request.headers);
      const query = [...request.query];
      const cookies = [...request.cookies];
      secrets.add(secretsOf(credential));
      let renew = (): boolean => false;
      for (const attachment of attachmentsFor(target.operation, document, credential)) {
        if (attachment.place === "oauth2") {
          const asked = tokenRequest(attachment, target);
          const token = await tokens.get(asked);
          secrets.add([token]);
          headers.set("authorization", `Bearer ${token}`);
          renew = () => {
            tokens.drop(asked, token);
            return true;
          };
          continue;
        }
        const { place, name, value } = attachment;
        secrets.add([value.replace(/^(?:Basic|Bearer) /, "")]);
        if (place === "header") headers.set(name.toLowerCase(), value);
        if (place === "query") replacePair(query, name, value);
        if (place === "cookie") replacePair(cookies, name, value);
      }
      return { request: { ...request, headers, query, cookies }, renew };
    },
  };
}

/** What the snippet sent under the secret's name does not stand beside it. */
function replacePair(pairs: string[], name: string, value: string): void {
  const encoded = percentEncode(name);
  const others = pairs.filter((pair) => pair.split("=")[0] !== encoded);
  pairs.splice(0, pairs.length, ...others, `${encoded}=${percentEncode(value)}`);
}

function unavailable(source: string, what: string): CodemodeError {
  return new CallError("source_unavailable", `"${source}" cannot get an access token: ${what}.`, {
    hint: "Set oauth2.tokenUrl in the credentials.",
    outcome: "not_sent",
  });
}
