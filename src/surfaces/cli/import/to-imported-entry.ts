/**
 * One server as some client wrote it, in the words of `mcpServers`. Variables of that client are rewritten as
 * environment variables; entries that are switched off or are Codemode itself are left out.
 */
import { isRecord } from "../../../schema/is-record.ts";

export interface ImportedEntry {
  command?: string;
  args?: string[];
  env?: { [name: string]: string };
  cwd?: string;
  url?: string;
  headers?: { [name: string]: string };
  type?: "stdio" | "http" | "sse";
}

export function toImportedEntry(raw: unknown): ImportedEntry | undefined {
  if (!isRecord(raw) || raw["disabled"] === true || raw["enabled"] === false) return undefined;
  const command = toText(raw["command"]);
  const url = toText(raw["url"]) ?? toText(raw["serverUrl"]);
  if (command === undefined) return url === undefined ? undefined : toUrlEntry(raw, url);
  const args = Array.isArray(raw["args"])
    ? raw["args"].filter((arg) => typeof arg === "string").map(rewriteVariables)
    : [];
  if (isCodemode(command, args)) return undefined;
  const cwd = toText(raw["cwd"]);
  const env = { ...toTable(raw["env"]), ...forwarded(raw["env_vars"]) };
  return {
    command,
    ...(args.length === 0 ? {} : { args }),
    ...(Object.keys(env).length === 0 ? {} : { env }),
    ...(cwd === undefined ? {} : { cwd }),
  };
}

function toUrlEntry(raw: { readonly [key: string]: unknown }, url: string): ImportedEntry {
  const tokenVariable = toText(raw["bearer_token_env_var"]);
  const fromVariables = Object.entries(toTable(raw["env_http_headers"])).map(([name, variable]) => [
    name,
    `\${${variable}}`,
  ]);
  const headers: { [name: string]: string } = {
    ...toTable(raw["headers"]),
    ...toTable(raw["http_headers"]),
    ...Object.fromEntries(fromVariables),
    ...(tokenVariable === undefined ? {} : { Authorization: `Bearer \${${tokenVariable}}` }),
  };
  return {
    url,
    ...(raw["type"] === "sse" ? { type: "sse" } : {}),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
  };
}

/** Code mode inside code mode would find its own two tools. */
function isCodemode(command: string, args: readonly string[]): boolean {
  const words = [command, ...args].map((word) => word.split(/[\\/]/).at(-1) ?? "");
  return words.some((word) => /^codemode(\.cmd|@.*)?$/.test(word)) && words.includes("serve");
}

function forwarded(names: unknown): { [name: string]: string } {
  if (!Array.isArray(names)) return {};
  return Object.fromEntries(
    names.filter((name) => typeof name === "string").map((name) => [name, `\${${name}}`]),
  );
}

function toTable(raw: unknown): { [name: string]: string } {
  if (!isRecord(raw)) return {};
  const texts = Object.entries(raw).flatMap(([name, value]) => {
    const text = typeof value === "number" || typeof value === "boolean" ? String(value) : toText(value);
    return text === undefined ? [] : [[name, text]];
  });
  return Object.fromEntries(texts);
}

function toText(raw: unknown): string | undefined {
  return typeof raw === "string" && raw !== "" ? rewriteVariables(raw) : undefined;
}

/** `${input:api-key}` asks a person in VS Code; here it becomes the variable API_KEY. */
function rewriteVariables(text: string): string {
  return text
    .replaceAll(/\$\{input:([^}]+)\}/g, (_whole, id: string) => `\${${toVariableName(id)}}`)
    .replaceAll(/\$\{workspaceFolder\}/g, ".")
    .replaceAll(/\$\{userHome\}/g, "${HOME}")
    .replaceAll(/\$\{(?:pathSeparator|\/)\}/g, "/");
}

export function toVariableName(text: string): string {
  const name = text
    .replaceAll(/[^A-Za-z0-9]+/g, "_")
    .replace(/^_|_$/g, "")
    .toUpperCase();
  return /^[0-9]/.test(name) || name === "" ? `_${name}` : name;
}
