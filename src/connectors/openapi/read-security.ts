/**
 * Reads what an API says of how it wants to be authenticated with. Secrets have no part in it.
 */
import { isRecord } from "../../schema/is-record.ts";
import type { SecurityRequirement, SecurityScheme } from "./compiled-document.ts";
import { follow } from "./document-refs.ts";
import type { JsonRecord } from "./parse-document.ts";

/** The alternatives of a `security` list; `undefined` where it states none. */
export function readRequirements(raw: unknown): SecurityRequirement[] | undefined {
  if (!Array.isArray(raw)) return undefined;
  return raw.filter((entry) => isRecord(entry)).map((entry) => Object.keys(entry));
}

export function readSecuritySchemes(
  root: JsonRecord,
  isSwagger: boolean,
): { [name: string]: SecurityScheme } {
  const components = root["components"];
  const raw = isSwagger ? root["securityDefinitions"] : isRecord(components) && components["securitySchemes"];
  if (!isRecord(raw)) return {};
  const schemes: [string, SecurityScheme][] = [];
  for (const [name, entry] of Object.entries(raw)) {
    const followed = follow(root, entry);
    schemes.push([
      name,
      "value" in followed ? readScheme(followed.value) : { type: "unsupported", reason: followed.problem },
    ]);
  }
  return Object.fromEntries(schemes);
}

function readScheme(raw: JsonRecord): SecurityScheme {
  const { type, scheme, name } = raw;
  if (type === "apiKey") {
    const place = (["query", "header", "cookie"] as const).find((known) => known === raw["in"]);
    if (place !== undefined && typeof name === "string") return { type: "apiKey", name, place };
    return { type: "unsupported", reason: "the API key has no name or no known place" };
  }
  if (type === "basic") return { type: "basic" };
  if (type === "http") {
    const kind = typeof scheme === "string" ? scheme.toLowerCase() : "";
    if (kind === "basic") return { type: "basic" };
    if (kind === "bearer" || kind === "token") return { type: "bearer" };
    return { type: "unsupported", reason: `HTTP scheme "${kind}" is not supported` };
  }
  if (type === "oauth2") return readOAuth2(raw);
  if (type === "openIdConnect") return { type: "oauth2" };
  return { type: "unsupported", reason: `type "${String(type)}" is not supported` };
}

function readOAuth2(raw: JsonRecord): SecurityScheme {
  const flows = isRecord(raw["flows"]) ? raw["flows"]["clientCredentials"] : undefined;
  const flow = isRecord(flows) ? flows : raw["flow"] === "application" ? raw : undefined;
  if (flow === undefined || typeof flow["tokenUrl"] !== "string") return { type: "oauth2" };
  const scopes = isRecord(flow["scopes"]) ? Object.keys(flow["scopes"]) : [];
  return { type: "oauth2", tokenUrl: flow["tokenUrl"], ...(scopes.length > 0 && { scopes }) };
}
