/**
 * Expands the texts of an entry at the moment of connecting: for whom, and with which credential. Knows what
 * is secret in the result, so that nothing of it is ever shown.
 */
import { CallError } from "../../call-error.ts";
import { createHash } from "node:crypto";
import { CodemodeError } from "../../errors.ts";
import { canonicalJson } from "../../schema/canonical-json.ts";
import type {
  McpCommandOptions,
  McpSettings,
  McpUrlOptions,
  SecretRequest,
  SecretText,
} from "./mcp-source-options.ts";
import { secretsIn } from "../../redact/secrets-in.ts";

export interface ResolvedCommand {
  readonly transport: "stdio";
  readonly command: string;
  readonly args: readonly string[];
  readonly env: { readonly [name: string]: string };
  readonly cwd?: string;
}

export interface ResolvedUrl {
  readonly transport: "http";
  readonly url: URL;
  readonly headers: { readonly [name: string]: string };
  readonly type?: "http" | "sse";
}

export interface ResolvedEntry {
  readonly target: ResolvedCommand | ResolvedUrl;
  readonly principal: string;
  /** Connections are shared by equal keys only: a hash over principal and everything resolved. */
  readonly key: string;
}

type ResolveText = (field: readonly (string | number)[], text: SecretText) => Promise<string>;

/** Throws `source_unavailable`, naming the field that could not be expanded. */
export async function resolveEntry(settings: McpSettings, principal: string): Promise<ResolvedEntry> {
  const resolve = textResolver(settings, principal);
  const { entry } = settings;
  const target =
    entry.transport === "stdio"
      ? await resolveCommand(entry, resolve)
      : await resolveUrl(settings.name, entry, resolve);
  const shown = target.transport === "http" ? { ...target, url: target.url.href } : target;
  const key = createHash("sha256")
    .update(canonicalJson([principal, shown]))
    .digest("hex");
  return { target, principal, key };
}

async function resolveCommand(entry: McpCommandOptions, resolve: ResolveText): Promise<ResolvedCommand> {
  const args = await Promise.all((entry.args ?? []).map((arg, at) => resolve(["args", at], arg)));
  return {
    transport: "stdio",
    command: await resolve(["command"], entry.command),
    args,
    env: await resolveRecord("env", entry.env, resolve),
    ...(entry.cwd === undefined ? {} : { cwd: await resolve(["cwd"], entry.cwd) }),
  };
}

async function resolveUrl(name: string, entry: McpUrlOptions, resolve: ResolveText): Promise<ResolvedUrl> {
  const text = await resolve(["url"], entry.url);
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new CallError("source_unavailable", `The url of "${name}" is not an http or https URL.`, {
      hint: `Write mcpServers.${name}.url as https://host/path.`,
      outcome: "not_sent",
    });
  }
  return {
    transport: "http",
    url,
    headers: await resolveRecord("headers", entry.headers, resolve),
    ...(entry.type === undefined ? {} : { type: entry.type }),
  };
}

async function resolveRecord(
  field: string,
  texts: { readonly [name: string]: SecretText } | undefined,
  resolve: ResolveText,
): Promise<{ [name: string]: string }> {
  const entries = Object.entries(texts ?? {}).map(
    async ([key, text]) => [key, await resolve([field, key], text)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

function textResolver({ name, entry, secrets }: McpSettings, principal: string): ResolveText {
  const origin = entry.transport === "stdio" ? "stdio:" : (URL.parse(entry.url)?.origin ?? "");
  return async (field, text) => {
    const request: SecretRequest = { source: name, principal, field, origin };
    try {
      const value =
        typeof text === "string" ? ((await entry.resolve?.(text, request)) ?? text) : await text(request);
      if (field[0] !== "command" && field[0] !== "cwd")
        secrets.add(
          secretsIn({
            name: nameOf(field, entry),
            value,
            ...(typeof text === "string" && { template: text }),
          }),
        );
      return value;
    } catch (cause) {
      throw toResolveError(name, field.join("."), cause);
    }
  };
}

/** Of an argument, the option that it belongs to: `--token abc`, `--token=abc`. */
function nameOf([part, key]: readonly (string | number)[], entry: McpSettings["entry"]): string {
  if (part !== "args" || typeof key !== "number" || entry.transport !== "stdio") return String(key ?? part);
  return [entry.args?.[key - 1], entry.args?.[key]]
    .flatMap((argument) => /^--?([\w.-]+)/.exec(argument ?? "")?.[1] ?? [])
    .join(" ");
}

export function toResolveError(name: string, field: string, cause: unknown): CodemodeError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const hint = cause instanceof CodemodeError ? cause.hint : undefined;
  return new CallError("source_unavailable", `"${name}" cannot be reached: ${field}: ${reason}`, {
    cause,
    hint: hint ?? `Set what mcpServers.${name}.${field} refers to.`,
    outcome: "not_sent",
  });
}
