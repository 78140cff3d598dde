/**
 * Reads where an API says that it lives. Which server is used, and whether it may be, is decided at the call.
 */
import { isRecord } from "../../schema/is-record.ts";
import type { ServerTemplate } from "./compiled-document.ts";
import type { JsonRecord } from "./parse-document.ts";

/** `undefined` where nothing is stated. */
export function readServers(raw: unknown): ServerTemplate[] | undefined {
  if (!Array.isArray(raw)) return undefined;
  const servers: ServerTemplate[] = [];
  for (const entry of raw) {
    if (!isRecord(entry) || typeof entry["url"] !== "string") continue;
    servers.push({ url: entry["url"], variables: readVariables(entry["variables"]) });
  }
  return servers.length === 0 ? undefined : servers;
}

function readVariables(raw: unknown): ServerTemplate["variables"] {
  if (!isRecord(raw)) return {};
  const variables: [string, ServerTemplate["variables"][string]][] = [];
  for (const [name, entry] of Object.entries(raw)) {
    if (!isRecord(entry)) continue;
    const allowed = Array.isArray(entry["enum"]) ? entry["enum"].map(String) : undefined;
    const stated = entry["default"];
    const fallback = typeof stated === "string" || typeof stated === "number" ? stated : (allowed?.[0] ?? "");
    variables.push([name, { default: String(fallback), ...(allowed !== undefined && { enum: allowed }) }]);
  }
  return Object.fromEntries(variables);
}

/** `schemes`, `host` and `basePath` of Swagger 2.0; https is preferred where several schemes are offered. */
export function readSwaggerServers(root: JsonRecord): ServerTemplate[] {
  const { host, basePath, schemes } = root;
  const path = typeof basePath === "string" ? basePath : "/";
  if (typeof host !== "string") return [{ url: path, variables: {} }];
  const offered = Array.isArray(schemes)
    ? schemes.filter((scheme) => scheme === "http" || scheme === "https")
    : [];
  const scheme = offered.length === 0 || offered.includes("https") ? "https" : "http";
  return [{ url: `${scheme}://${host}${path.startsWith("/") ? path : `/${path}`}`, variables: {} }];
}
