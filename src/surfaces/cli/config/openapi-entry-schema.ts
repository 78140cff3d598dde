/**
 * The shape of one entry of `openapi`: a document, where its API is, and how to authenticate to it.
 */
import * as z from "zod";

/** A secret by reference: from the environment, from a file, or from what a command prints. */
export const secretSchema = z.union([
  z.string().min(1),
  z.strictObject({ file: z.string().min(1).describe("A file that holds the secret and nothing else.") }),
  z.strictObject({
    command: z
      .array(z.string())
      .min(1)
      .describe("A command and its arguments; what it prints is the secret."),
  }),
]);

export type SecretReference = z.infer<typeof secretSchema>;

const secret = (what: string): typeof secretSchema =>
  secretSchema.describe(`${what}: \${VAR}, { "file": … } or { "command": […] }.`);

const basicSchema = z.strictObject({
  username: z.string().describe("The user name."),
  password: secret("The password"),
});

const apiKeySchema = z.union([
  ...secretSchema.options,
  z.strictObject({
    in: z.enum(["header", "query", "cookie"]).describe("Where the key is sent."),
    name: z.string().min(1).describe("Under which name it is sent."),
    value: secret("The key"),
  }),
]);

const oauth2Schema = z.strictObject({
  clientId: z.string().min(1).describe("The client's id."),
  clientSecret: secret("The client's secret"),
  tokenUrl: z.string().optional().describe("Where tokens are got. Default: the document's."),
  scopes: z.array(z.string()).optional().describe("Scopes to ask for. Default: those of the operation."),
  audience: z.string().optional().describe("The audience to ask for."),
  clientAuth: z.enum(["basic", "body"]).optional().describe("How the client proves itself. Default: basic."),
});

export const openapiAuthSchema = z.strictObject({
  bearer: secret("A bearer token").optional(),
  basic: basicSchema.optional().describe("HTTP basic authentication."),
  apiKey: apiKeySchema
    .optional()
    .describe("An API key, sent where the document says, or where `in` and `name` say."),
  oauth2: oauth2Schema.optional().describe("OAuth2 client credentials; tokens are fetched and renewed."),
  schemes: z
    .record(z.string(), z.union([...secretSchema.options, basicSchema]))
    .optional()
    .describe("Secrets by the name of the document's security scheme, for APIs that want several."),
});

export type OpenapiAuth = z.infer<typeof openapiAuthSchema>;

export const openapiEntrySchema = z.strictObject({
  spec: z.string().min(1).describe("The document: a path relative to this file, or a URL. JSON or YAML."),
  baseUrl: z.string().min(1).optional().describe("Where the API is. Default: the document's first server."),
  serverVariables: z
    .record(z.string(), z.string())
    .optional()
    .describe("Values for the variables of the document's servers."),
  origins: z
    .array(z.string())
    .optional()
    .describe("Further origins that operations and redirects may go to, credentials included."),
  auth: openapiAuthSchema
    .optional()
    .describe("How requests are authenticated; attached by the host, to this API's own origin only."),
  headers: z
    .record(z.string(), z.string())
    .optional()
    .describe("Headers sent with every request; not for secrets."),
  request: z
    .boolean()
    .optional()
    .describe("Offer a tool `request` for what the document leaves out. Default: false."),
  idempotencyHeader: z
    .string()
    .min(1)
    .optional()
    .describe("The header that carries idempotency keys, where the API honours one."),
  disabled: z.boolean().optional().describe("Keep the entry in the file without using it."),
});

export type OpenapiEntry = z.infer<typeof openapiEntrySchema>;
