/**
 * Makes the source of one entry of `openapi`. Its secrets are read for each call and kept nowhere but in a
 * short memory for those that a file or a command gives.
 */
import { join } from "node:path";
import { looksSecret } from "../../connectors/identity/looks-secret.ts";
import { hidden, withoutSecretReferences } from "../../connectors/identity/shown-settings.ts";
import { createOpenApiSource } from "../../connectors/openapi/create-openapi-source.ts";
import { toCodemodeError } from "../../errors.ts";
import { secretsIn } from "../../redact/secrets-in.ts";
import type { Source } from "../../spec/source.ts";
import type { Json } from "../../spec/value.ts";
import type { ConfigValues } from "./config/config-values.ts";
import type { FieldPath } from "./config/config-text.ts";
import type { OpenapiAuth, OpenapiEntry } from "./config/openapi-entry-schema.ts";
import { createFailedSource } from "./create-failed-source.ts";
import { createSecretReader } from "./create-secret-reader.ts";

export interface OpenapiPlace {
  readonly name: string;
  readonly values: ConfigValues;
  readonly stateFolder: string;
}

export function entryToOpenapiSource(
  entry: OpenapiEntry,
  { name, values, stateFolder }: OpenapiPlace,
): Source {
  const path = ["openapi", name];
  const { auth, serverVariables, headers, origins, request, idempotencyHeader } = entry;
  try {
    const spec = values.text(entry.spec, [...path, "spec"]);
    const baseUrl =
      entry.baseUrl === undefined ? undefined : values.text(entry.baseUrl, [...path, "baseUrl"]);
    const sent = headers === undefined ? undefined : values.table(headers, [...path, "headers"]);
    return createOpenApiSource(name, {
      spec: /^(https?|file):/i.test(spec) ? spec : values.path(entry.spec, [...path, "spec"]),
      cacheFolder: join(stateFolder, "documents"),
      ...(baseUrl === undefined ? {} : { baseUrl }),
      ...(serverVariables === undefined
        ? {}
        : { serverVariables: values.table(serverVariables, [...path, "serverVariables"]) }),
      ...(sent === undefined ? {} : { headers: sent }),
      secrets: [
        ...secretsIn({ name: "spec", value: spec, template: entry.spec }),
        ...secretsIn({ name: "baseUrl", value: baseUrl ?? "", template: entry.baseUrl ?? "" }),
        ...Object.entries(headers ?? {}).flatMap(([field, template]) =>
          secretsIn({ name: field, value: sent?.[field] ?? "", template }),
        ),
      ],
      ...(origins === undefined ? {} : { origins }),
      ...(auth === undefined
        ? {}
        : {
            credentials: { for: authReader(auth, [...path, "auth"], values) },
            account: async () => authToAccount(auth, [...path, "auth"], values),
          }),
      ...(request === undefined ? {} : { request }),
      ...(idempotencyHeader === undefined ? {} : { idempotencyHeader }),
    });
  } catch (thrown) {
    return createFailedSource(name, "openapi", toCodemodeError(thrown));
  }
}

function authReader(auth: OpenapiAuth, path: FieldPath, values: ConfigValues): () => Promise<Json> {
  const read = createSecretReader(values);
  /** Every text of the entry, secret or not, may hold a variable. */
  const resolve = async (part: unknown, at: FieldPath): Promise<Json> => {
    if (typeof part === "string" || isReference(part)) return read(part, at);
    if (Array.isArray(part)) return Promise.all(part.map((each, index) => resolve(each, [...at, index])));
    if (typeof part !== "object" || part === null) return null;
    const entries = Object.entries(part).filter(([, each]) => each !== undefined);
    return Object.fromEntries(
      await Promise.all(entries.map(async ([key, each]) => [key, await resolve(each, [...at, key])])),
    );
  };
  return () => resolve(auth, path);
}

/** Whose credentials they are, by the name in them; where it is a secret itself, nobody's. */
function authToAccount(auth: OpenapiAuth, path: FieldPath, values: ConfigValues): string | undefined {
  const named = [
    ["basic.username", auth.basic?.password === "" ? undefined : auth.basic?.username],
    ["oauth2.clientId", auth.oauth2?.clientId],
  ] as const;
  for (const [field, text] of named) {
    if (text === undefined) continue;
    const name = values.text(withoutSecretReferences(text), [...path, ...field.split(".")]);
    if (!name.includes(hidden) && !looksSecret("", name)) return name;
  }
  return undefined;
}

function isReference(part: unknown): part is { readonly file: string } | { readonly command: string[] } {
  return typeof part === "object" && part !== null && ("file" in part || "command" in part);
}
