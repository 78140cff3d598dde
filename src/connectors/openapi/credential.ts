/**
 * The secrets of one source as `Credentials.for` answers them, and where they go in a request according to
 * the document's security schemes.
 */
import { CallError } from "../../call-error.ts";
import * as z from "zod";
import type { Json } from "../../spec/value.ts";
import type {
  CompiledDocument,
  HttpOperation,
  SecurityRequirement,
  SecurityScheme,
} from "./compiled-document.ts";

const basic = z.strictObject({ username: z.string(), password: z.string() });

const apiKey = z.union([
  z.string().min(1),
  /** For documents that describe no scheme for it. */
  z.strictObject({
    in: z.enum(["header", "query", "cookie"]),
    name: z.string().min(1),
    value: z.string().min(1),
  }),
]);

const oauth2 = z.strictObject({
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
  /** Default: the document's, which must then be of an allowed origin. */
  tokenUrl: z.url().optional(),
  scopes: z.array(z.string()).optional(),
  audience: z.string().optional(),
  /** Where the client's own credentials go: an `Authorization` header (default) or the form. */
  clientAuth: z.enum(["basic", "body"]).optional(),
});

const credentialSchema = z.strictObject({
  bearer: z.string().min(1).optional(),
  basic: basic.optional(),
  apiKey: apiKey.optional(),
  oauth2: oauth2.optional(),
  /** By the name of the document's security scheme, for APIs that want several at once. */
  schemes: z.record(z.string(), z.union([z.string().min(1), basic])).optional(),
});

export type OpenApiCredential = z.infer<typeof credentialSchema>;
export type OAuth2Client = z.infer<typeof oauth2>;

/** Where one secret goes. */
export type Attachment =
  | { readonly place: "header" | "query" | "cookie"; readonly name: string; readonly value: string }
  | {
      readonly place: "oauth2";
      readonly client: OAuth2Client;
      readonly tokenUrl?: string;
      readonly scopes?: readonly string[];
    };

/** Throws `source_unavailable`; never shows the value. */
export function parseCredential(answer: Json, source: string): OpenApiCredential | undefined {
  if (answer === null) return undefined;
  const parsed = credentialSchema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map((issue) => issue.path.join(".") || "the credential").join(", ");
  throw new CallError("source_unavailable", `The credentials of "${source}" are not usable: see ${fields}.`, {
    hint: "Give bearer, basic { username, password }, apiKey, oauth2 { clientId, clientSecret } or schemes.",
    outcome: "not_sent",
  });
}

/** What must never be shown of a credential; names of users, clients and keys may be. */
export function secretsOf({ bearer, basic, apiKey, oauth2, schemes }: OpenApiCredential): string[] {
  const key = typeof apiKey === "object" ? apiKey.value : apiKey;
  const named = Object.values(schemes ?? {}).flatMap((secret) =>
    typeof secret === "object" ? secretOf(secret) : [secret],
  );
  return [bearer, ...(basic ? secretOf(basic) : []), key, oauth2?.clientSecret, ...named].filter(
    (secret) => secret !== undefined,
  );
}

/** Some APIs take their key as the user, without a password. The pair is one where its password is too short to be. */
function secretOf({
  username,
  password,
}: {
  readonly username: string;
  readonly password: string;
}): string[] {
  return password === "" ? [username] : [password, `${username}:${password}`];
}

/** What an operation is to be sent with: the first of its alternatives that the credential satisfies. */
export function attachmentsFor(
  operation: Pick<HttpOperation, "security">,
  document: Pick<CompiledDocument, "security" | "securitySchemes">,
  credential: OpenApiCredential,
): readonly Attachment[] {
  // An empty list of its own says that this operation wants no credentials.
  if (operation.security?.length === 0) return [];
  const requirements = operation.security ?? document.security;
  for (const requirement of requirements) {
    const attachments = satisfy(requirement, document.securitySchemes, credential);
    if (attachments !== undefined && (attachments.length > 0 || requirements.length === 1))
      return attachments;
  }
  // Documents often forget to say how they authenticate; the operator has said that it takes a credential.
  return requirements.some((requirement) => requirement.length === 0) ? [] : unprompted(document, credential);
}

function satisfy(
  requirement: SecurityRequirement,
  schemes: CompiledDocument["securitySchemes"],
  credential: OpenApiCredential,
): readonly Attachment[] | undefined {
  const attachments: Attachment[] = [];
  for (const name of requirement) {
    const scheme = Object.hasOwn(schemes, name) ? schemes[name] : undefined;
    const attachment = scheme && attach(name, scheme, credential);
    if (attachment === undefined) return undefined;
    attachments.push(attachment);
  }
  return attachments;
}

function attach(name: string, scheme: SecurityScheme, credential: OpenApiCredential): Attachment | undefined {
  const own =
    credential.schemes !== undefined && Object.hasOwn(credential.schemes, name)
      ? credential.schemes[name]
      : undefined;
  switch (scheme.type) {
    case "apiKey": {
      const key = own ?? credential.apiKey;
      return typeof key === "string"
        ? { place: scheme.place, name: scheme.name, value: key }
        : explicitKey(credential);
    }
    case "bearer": {
      const token = own ?? credential.bearer;
      return typeof token === "string" ? bearer(token) : undefined;
    }
    case "basic": {
      const pair = own ?? credential.basic;
      return typeof pair === "object" ? basicHeader(pair) : undefined;
    }
    case "oauth2": {
      const token = own ?? credential.bearer;
      if (typeof token === "string") return bearer(token);
      const { tokenUrl, scopes } = scheme;
      return credential.oauth2 === undefined
        ? undefined
        : {
            place: "oauth2",
            client: credential.oauth2,
            ...(tokenUrl !== undefined && { tokenUrl }),
            ...(scopes !== undefined && { scopes }),
          };
    }
    default:
      return undefined;
  }
}

/** The places that are meant unless a document says otherwise. */
function unprompted(
  { securitySchemes }: Pick<CompiledDocument, "securitySchemes">,
  credential: OpenApiCredential,
): readonly Attachment[] {
  if (credential.bearer !== undefined) return [bearer(credential.bearer)];
  if (credential.basic !== undefined) return [basicHeader(credential.basic)];
  const explicit = explicitKey(credential);
  if (explicit !== undefined) return [explicit];
  for (const [name, scheme] of Object.entries(securitySchemes)) {
    const attachment = attach(name, scheme, credential);
    if (attachment !== undefined) return [attachment];
  }
  return credential.oauth2 === undefined ? [] : [{ place: "oauth2", client: credential.oauth2 }];
}

function explicitKey({ apiKey }: OpenApiCredential): Attachment | undefined {
  return typeof apiKey === "object"
    ? { place: apiKey.in, name: apiKey.name, value: apiKey.value }
    : undefined;
}

function bearer(token: string): Attachment {
  return { place: "header", name: "Authorization", value: `Bearer ${token}` };
}

function basicHeader({ username, password }: { username: string; password: string }): Attachment {
  const pair = Buffer.from(`${username}:${password}`).toString("base64");
  return { place: "header", name: "Authorization", value: `Basic ${pair}` };
}
