/**
 * What an OpenAPI source is made from, and the defaults of everything that may be left out.
 */
import { createSecrets, type Secrets } from "../../redact/create-secrets.ts";
import { secretsIn } from "../../redact/secrets-in.ts";
import type { Credentials } from "../../spec/source.ts";
import type { SendByHost } from "./send-by-host.ts";

export interface OpenApiSourceOptions {
  /** The document: a path, an `http(s):` or `file:` URL, or the parsed document itself. */
  readonly spec: string | object;
  /**
   * Where the API is; default: the document's first server. A host named here may be loopback or private,
   * one that only the document names may not.
   */
  readonly baseUrl?: string;
  /** Values for the variables of the document's servers. */
  readonly serverVariables?: { readonly [name: string]: string };
  /** Further origins that operations and redirects may go to, credentials included. */
  readonly origins?: readonly string[];
  /** Answers with an `OpenApiCredential`, or `null` for none; asked at each call. */
  readonly credentials?: Credentials;
  /** On whose behalf calls are sent, for the records of runs: a name, never a secret. Default: nothing is said. */
  readonly account?: string | (() => Promise<string | undefined>);
  /**
   * Parameters that snippets neither see nor send, by name, such as a token that the document asks for in each
   * operation. The places of API keys are hidden anyway where there are `credentials`.
   */
  readonly hide?: readonly string[];
  /** Sent with every request, to whichever origin; secrets belong into `credentials`. */
  readonly headers?: { readonly [name: string]: string };
  /** What answers must not repeat, besides the credentials and what the names of `headers` say is secret. */
  readonly secrets?: readonly string[];
  /** Where parsed documents are kept; without it each start parses anew. */
  readonly cacheFolder?: string;
  /** Offers the tool `request` for what the document leaves out. Default `false`. */
  readonly request?: boolean;
  /** The header that carries idempotency keys, where the API honours one (`Idempotency-Key`). */
  readonly idempotencyHeader?: string;
  /** Makes the HTTP calls in place of the built-in client, which then needs no base URL and no credentials. */
  readonly send?: SendByHost;
  readonly limits?: Partial<OpenApiLimits>;
}

export interface OpenApiLimits {
  /** Attempts after the first, on 429 and 503 and for reads on lost connections. */
  readonly retries: number;
  /** Milliseconds waited between attempts at most, whatever `Retry-After` says. */
  readonly retryMs: number;
  readonly redirects: number;
  /** Milliseconds to fetch the document. */
  readonly loadMs: number;
  /** Milliseconds to parse it. */
  readonly parseMs: number;
  /** Megabytes of memory for parsing it. */
  readonly parseMb: number;
  /** Levels of nesting of an answer. */
  readonly depth: number;
  /** Connections at once to one host. */
  readonly connections: number;
}

export const defaultOpenApiLimits: OpenApiLimits = {
  retries: 2,
  retryMs: 20_000,
  redirects: 5,
  loadMs: 60_000,
  parseMs: 30_000,
  parseMb: 1_024,
  depth: 200,
  connections: 32,
};

/** The options with every default filled in. */
export interface OpenApiSettings extends Omit<OpenApiSourceOptions, "limits" | "secrets"> {
  readonly name: string;
  readonly secrets: Secrets;
  readonly limits: OpenApiLimits;
}

export function toOpenApiSettings(name: string, options: OpenApiSourceOptions): OpenApiSettings {
  const secrets = createSecrets(options.secrets ?? []);
  for (const [field, value] of Object.entries(options.headers ?? {}))
    secrets.add(secretsIn({ name: field, value, template: value }));
  return { ...options, name, secrets, limits: { ...defaultOpenApiLimits, ...options.limits } };
}
