/**
 * The requests of a manual as APIs: one OpenAPI document for each origin, with its own secrets, so that a secret goes to
 * no origin but that of the tool that asks for it.
 */
import type { Credentials, Source } from "../../spec/source.ts";
import type { Json } from "../../spec/value.ts";
import { createOpenApiSource } from "../openapi/create-openapi-source.ts";
import { fillVariables } from "./fill-variables.ts";
import type { HttpTool, Secret } from "./http-tool.ts";
import type { UtcpSourceOptions } from "./utcp-source-options.ts";

export interface ApiPlace extends UtcpSourceOptions {
  /** Where the manual itself came from. */
  readonly own: string | undefined;
}

export function requestsToApis(
  name: string,
  requests: readonly HttpTool[],
  place: ApiPlace,
): ReadonlyMap<string, Source> {
  const byOrigin = Map.groupBy(requests, ({ origin }) => origin);
  return new Map(
    [...byOrigin].map(([origin, own]) => {
      const schemes = new Map(
        own.flatMap((request, at) =>
          [...request.schemes].map(([id, each]) => [`${at} ${id}`, each] as const),
        ),
      );
      const paths: { [path: string]: { [method: string]: object } } = Object.create(null) as typeof paths;
      for (const [at, { path, method, operation, schemes: mine }] of own.entries()) {
        const security =
          mine.size === 0 ? [] : [Object.fromEntries([...mine.keys()].map((id) => [`${at} ${id}`, []]))];
        paths[path] = { ...paths[path], [method]: { ...operation, security } };
      }
      const securitySchemes = Object.fromEntries([...schemes].map(([id, { scheme }]) => [id, scheme]));
      const trusted = origin === place.own || (place.origins ?? []).includes(origin);
      const api = createOpenApiSource(name, {
        spec: {
          openapi: "3.1.0",
          info: { title: name, version: "1" },
          servers: [{ url: origin }],
          paths,
          components: { securitySchemes },
        },
        ...(trusted ? { baseUrl: origin } : {}),
        ...(schemes.size === 0 ? {} : { credentials: toCredentials(schemes, place) }),
      });
      return [origin, api] as const;
    }),
  );
}

/** Secrets are filled anew at each call, so that a file or a command may give another one. */
function toCredentials(
  schemes: ReadonlyMap<string, { readonly secret: Secret }>,
  { variables }: UtcpSourceOptions,
): Credentials {
  return {
    for: async (): Promise<Json> => {
      const values = new Map(Object.entries((await variables?.()) ?? {}));
      const fill = (secret: Secret): Json =>
        typeof secret === "string"
          ? fillVariables(secret, values)
          : {
              username: fillVariables(secret.username, values),
              password: fillVariables(secret.password, values),
            };
      return { schemes: Object.fromEntries([...schemes].map(([id, { secret }]) => [id, fill(secret)])) };
    },
  };
}
