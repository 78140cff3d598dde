/**
 * Decides where an operation's requests go: the operator's base URL, else the document's server. Only
 * origins that the operator or the document as a whole names are gone to, never one of a single operation.
 */
import { CallError } from "../../call-error.ts";
import type { CodemodeError } from "../../errors.ts";
import type { CompiledDocument, HttpOperation, ServerTemplate } from "./compiled-document.ts";
import type { OpenApiSettings } from "./openapi-source-options.ts";

export interface BaseUrl {
  readonly origin: string;
  /** Without a slash at its end; empty for the root. */
  readonly path: string;
  /** The operator has named this host. */
  readonly trusted: boolean;
}

export interface ServerSurroundings {
  readonly settings: Pick<OpenApiSettings, "name" | "spec" | "baseUrl" | "serverVariables" | "origins">;
  readonly document: Pick<CompiledDocument, "servers">;
  /** Where the document was fetched from; relative servers are relative to it. */
  readonly documentUrl?: string;
}

/** Throws `source_unavailable` with `sent: false`. */
export function chooseBaseUrl(
  operation: Pick<HttpOperation, "servers">,
  around: ServerSurroundings,
): BaseUrl {
  const { settings } = around;
  if (settings.baseUrl !== undefined) return { ...toBase(settings.baseUrl, settings.name), trusted: true };
  const shared = resolve(around.document.servers[0], around);
  const own = operation.servers === undefined ? shared : resolve(operation.servers[0], around);
  const allowed = allowedOrigins(around);
  if (!allowed.has(own.origin)) {
    throw refused(
      settings.name,
      `the operation goes to ${own.origin}, which is not the API's own origin`,
      `Add "${own.origin}" to origins if it is meant.`,
    );
  }
  return { ...own, trusted: isNamed(own.origin, around) };
}

/** The exact origins that requests, and with them credentials, may go to. */
export function allowedOrigins(around: ServerSurroundings): ReadonlySet<string> {
  const { settings, document } = around;
  const origins = new Set((settings.origins ?? []).map((origin) => URL.parse(origin)?.origin ?? origin));
  if (settings.baseUrl !== undefined) origins.add(toBase(settings.baseUrl, settings.name).origin);
  else origins.add(resolve(document.servers[0], around).origin);
  return origins;
}

/**
 * The operator has named this origin: as base URL, as a further origin, or as where the document is. What a
 * redirect of the document led to does not count.
 */
export function isNamed(origin: string, { settings }: ServerSurroundings): boolean {
  const spec = typeof settings.spec === "string" ? settings.spec : undefined;
  const named = [settings.baseUrl, spec, ...(settings.origins ?? [])];
  return named.some((url) => url !== undefined && URL.parse(url)?.origin === origin);
}

function resolve(server: ServerTemplate | undefined, around: ServerSurroundings): Omit<BaseUrl, "trusted"> {
  const { settings, documentUrl } = around;
  const url = fill(server ?? { url: "/", variables: {} }, around);
  if (documentUrl === undefined && !/^https?:\/\//i.test(url)) {
    throw refused(settings.name, "the document does not say where the API is", "Set baseUrl.");
  }
  return toBase(url, settings.name, documentUrl);
}

function fill({ url, variables }: ServerTemplate, { settings }: ServerSurroundings): string {
  return url.replaceAll(/\{([^{}]+)\}/g, (_, name: string) => {
    const variable = Object.hasOwn(variables, name) ? variables[name] : undefined;
    const value = settings.serverVariables?.[name] ?? variable?.default ?? "";
    if (variable?.enum !== undefined && !variable.enum.includes(value)) {
      throw refused(
        settings.name,
        `the server variable "${name}" cannot be "${value}"`,
        `Use one of: ${variable.enum.join(", ")}.`,
      );
    }
    if (/[@?#\\\s]/.test(value))
      throw refused(
        settings.name,
        `the server variable "${name}" is no part of a URL`,
        "Set serverVariables.",
      );
    return value;
  });
}

function toBase(text: string, name: string, relativeTo?: string): Omit<BaseUrl, "trusted"> {
  const url = URL.parse(text, relativeTo);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw refused(name, "its base URL is no http or https URL", "Write it as https://host/path.");
  }
  if (url.username !== "" || url.password !== "")
    throw refused(name, "its base URL holds a user or password", "Use credentials instead.");
  if (url.search !== "" || url.hash !== "")
    throw refused(name, "its base URL has a query or fragment", "Write it as https://host/path.");
  return { origin: url.origin, path: url.pathname.replace(/\/+$/, "") };
}

function refused(name: string, what: string, hint: string): CodemodeError {
  return new CallError("source_unavailable", `"${name}" cannot be called: ${what}.`, {
    hint,
    outcome: "not_sent",
  });
}
