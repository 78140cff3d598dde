/**
 * The shape of one entry of `openapi`: a document, where its API is, and how to authenticate to it.
 */
import * as z from "zod";

const secret = (what: string): z.ZodString =>
  z.string().min(1).describe(`${what}. Write it as \${VAR}, never as text.`);

export const openapiAuthSchema = z
  .strictObject({
    bearer: secret("A bearer token").optional(),
    basic: z
      .strictObject({
        username: z.string().describe("The user name."),
        password: z.string().describe("The password. Write it as ${VAR}, never as text."),
      })
      .optional()
      .describe("HTTP basic authentication."),
    apiKey: secret("An API key, sent where the document's security scheme says").optional(),
  })
  .describe("How requests are authenticated; attached by the host to this API's own origin only.");

export const openapiEntrySchema = z.strictObject({
  spec: z.string().min(1).describe("The document: a path relative to this file, or a URL. JSON or YAML."),
  baseUrl: z.string().min(1).optional().describe("Where the API is. Default: the document's first server."),
  auth: openapiAuthSchema.optional(),
  disabled: z.boolean().optional().describe("Keep the entry in the file without using it."),
});

export type OpenapiEntry = z.infer<typeof openapiEntrySchema>;
