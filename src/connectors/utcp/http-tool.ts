/**
 * One HTTP tool of a manual as an operation of an OpenAPI document, so that requests obey the rules of every other API:
 * encoding, origins, redirects, retries, secrets. What UTCP calls otherwise is put right on the way in.
 */
import { isRecord } from "../../schema/is-record.ts";
import type { Value } from "../../spec/value.ts";
import { fillVariables, variablesIn } from "./fill-variables.ts";
import type { ManualTool } from "./read-manual.ts";

export interface HttpTool {
  readonly origin: string;
  readonly path: string;
  readonly method: string;
  readonly operation: object;
  /** Security schemes by id, and the template of each secret. */
  readonly schemes: ReadonlyMap<string, { readonly scheme: object; readonly secret: Secret }>;
  /** A tool's arguments as the operation's. */
  toArguments(args: Value): Value;
}

/** Filled at each call: a text, or the two parts of basic authentication. */
export type Secret = string | { readonly username: string; readonly password: string };

const methods = new Set(["get", "post", "put", "delete", "patch", "head", "options"]);
/** Set from elsewhere when it is an operation's parameter. */
const reserved = /^(?:authorization|cookie|proxy-authorization|x-api-key)$/i;

/** The tool as an operation, or why it cannot be called. */
export function toHttpTool(
  { name, inputs, outputs, template }: ManualTool,
  values: ReadonlyMap<string, string>,
): HttpTool | string {
  const missing = variablesIn(JSON.stringify(template)).filter((each) => !values.has(each));
  if (missing.length > 0) return `It needs a value for ${missing.join(", ")}: name it in "variables".`;
  const { auth } = template;
  if (isRecord(auth) && auth["auth_type"] !== "api_key" && auth["auth_type"] !== "basic")
    return `It authenticates by ${JSON.stringify(auth["auth_type"] ?? null)}; api_key and basic are known.`;
  const url = toUrl(template["url"], values);
  if (url === undefined) return '"url" is no http or https URL.';
  const method = textOf(template["http_method"] ?? template["method"] ?? "GET").toLowerCase();
  if (!methods.has(method)) return `"http_method" is ${method}, which HTTP tools do not have.`;
  const properties = isRecord(inputs["properties"]) ? inputs["properties"] : {};
  const required = Array.isArray(inputs["required"]) ? inputs["required"] : [];
  const bodyField = typeof template["body_field"] === "string" ? template["body_field"] : "body";
  const headerFields = Array.isArray(template["header_fields"]) ? template["header_fields"] : [];
  if (bodyField !== "body" && Object.hasOwn(properties, "body"))
    return '"body" is the name of a parameter beside the body.';
  const inPath = new Set([...url.path.matchAll(/\{([^{}]+)\}/g)].map(([, parameter]) => parameter ?? ""));
  const fixed = fixedHeaders(template["headers"], values);
  const schemes = new Map([...authSchemes(auth), ...fixed.secrets]);
  const parameters = Object.entries(properties)
    .filter(([parameter]) => parameter !== bodyField || inPath.has(parameter))
    .map(([parameter, schema]) => {
      const place = inPath.has(parameter) ? "path" : headerFields.includes(parameter) ? "header" : "query";
      return {
        name: parameter,
        in: place,
        required: place === "path" || required.includes(parameter),
        schema,
      };
    });
  const hasBody = Object.hasOwn(properties, bodyField) && !inPath.has(bodyField);
  const contentType = textOf(template["content_type"] ?? "application/json");
  return {
    origin: url.origin,
    // Two tools may be one request with different defaults; the fragment keeps them apart and is not sent.
    path: `${url.path}#${encodeURIComponent(name)}`,
    method,
    schemes,
    operation: {
      operationId: name,
      parameters: [
        ...parameters,
        ...[...fixed.plain.keys()].map((each) => ({ name: each, in: "header", schema: { type: "string" } })),
      ],
      ...(hasBody
        ? {
            requestBody: {
              required: required.includes(bodyField),
              content: { [contentType]: { schema: properties[bodyField] } },
            },
          }
        : {}),
      responses: { 200: { description: "", content: { "application/json": { schema: outputs ?? {} } } } },
    },
    toArguments(args) {
      const given = isRecord(args) ? args : {};
      const { [bodyField]: body, ...rest } = given;
      const own = hasBody && body !== undefined ? { ...rest, body } : given;
      return { ...own, ...Object.fromEntries(fixed.plain) };
    },
  };
}

function toUrl(
  template: unknown,
  values: ReadonlyMap<string, string>,
): { readonly origin: string; readonly path: string } | undefined {
  const filled = typeof template === "string" ? fillVariables(template, values) : "";
  const parts = /^(https?:\/\/[^/?#{}]+)([^#]*)/i.exec(filled);
  if (parts === null || !URL.canParse(parts[1] ?? "")) return undefined;
  const { origin, username, password } = new URL(parts[1] ?? "");
  if (username !== "" || password !== "") return undefined;
  const path = parts[2] ?? "";
  return { origin, path: path.startsWith("/") ? path : `/${path}` };
}

interface FixedHeaders {
  /** Sent as they are. */
  readonly plain: ReadonlyMap<string, string>;
  /** Those that hold a variable, or are where secrets go. */
  readonly secrets: ReadonlyMap<string, { readonly scheme: object; readonly secret: Secret }>;
}

function fixedHeaders(headers: unknown, values: ReadonlyMap<string, string>): FixedHeaders {
  const plain = new Map<string, string>();
  const secrets = new Map<string, { readonly scheme: object; readonly secret: Secret }>();
  for (const [name, text] of Object.entries(isRecord(headers) ? headers : {})) {
    if (typeof text !== "string") continue;
    if (variablesIn(text).length > 0 || reserved.test(name))
      secrets.set(`header ${name}`, { scheme: { type: "apiKey", in: "header", name }, secret: text });
    else if (!/^(?:content-type|accept)$/i.test(name)) plain.set(name, fillVariables(text, values));
  }
  return { plain, secrets };
}

function authSchemes(auth: unknown): [string, { readonly scheme: object; readonly secret: Secret }][] {
  if (!isRecord(auth)) return [];
  if (auth["auth_type"] === "basic") {
    const secret = { username: textOf(auth["username"]), password: textOf(auth["password"]) };
    return [["auth", { scheme: { type: "http", scheme: "basic" }, secret }]];
  }
  const [place, name] = [textOf(auth["location"] ?? "header"), textOf(auth["var_name"] ?? "X-Api-Key")];
  return [["auth", { scheme: { type: "apiKey", in: place, name }, secret: textOf(auth["api_key"]) }]];
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
