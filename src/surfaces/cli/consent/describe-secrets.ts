/**
 * Says which variables and secrets a configuration hands on, and to whom: the program that is started, or the address
 * that requests go to.
 */
import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { isRecord } from "../../../schema/is-record.ts";
import type { Config } from "../config/config-schema.ts";
import { variablesOf } from "../config/expand-variables.ts";

const maxDocumentBytes = 4 * 2 ** 20;

/** One line for each source that is handed something. */
export async function describeSecrets(config: Config, folder: string): Promise<string[]> {
  const lines: string[] = [];
  const tell = (source: string, entry: unknown, to: string): void => {
    const handed = handedOn(entry);
    if (handed.length > 0) lines.push(`${source}: ${handed.join(", ")} → ${to}`);
  };
  for (const [name, entry] of Object.entries(config.mcpServers ?? {})) {
    if (entry.disabled === true) continue;
    tell(name, entry, entry.url === undefined ? "the program it starts" : originOf(entry.url));
  }
  for (const [name, entry] of Object.entries(config.openapi ?? {})) {
    if (entry.disabled === true) continue;
    const tokenUrl = entry.auth?.oauth2?.tokenUrl;
    const base =
      entry.baseUrl === undefined ? await firstServer(entry.spec, folder) : originOf(entry.baseUrl);
    const others = [...(entry.origins ?? []), ...(tokenUrl === undefined ? [] : [tokenUrl])].map(originOf);
    tell(name, entry, [base, ...others].join(", "));
  }
  for (const [name, entry] of Object.entries(config.utcp ?? {})) {
    if (entry.disabled === true) continue;
    const commands = entry.commands === true ? " and to the commands it names" : "";
    tell(name, entry, `the addresses that ${entry.manual} names${commands}`);
  }
  return lines;
}

/** Variables by name; secrets that a file or a command gives, by where they come from. */
function handedOn(entry: unknown): string[] {
  const found = new Set(variablesOf(JSON.stringify(entry)));
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(visit);
    if (!isRecord(value)) return;
    if (typeof value["file"] === "string") found.add(`what ${value["file"]} holds`);
    if (Array.isArray(value["command"])) found.add(`what ${value["command"].join(" ")} prints`);
    Object.values(value).forEach(visit);
  };
  visit(entry);
  return [...found];
}

function originOf(text: string): string {
  return text.includes("${") ? text : (URL.parse(text)?.origin ?? text);
}

/** What the document names first is where requests go when the configuration does not say. */
async function firstServer(spec: string, folder: string): Promise<string> {
  const unknown = `the address that ${spec} names first`;
  if (spec.includes("${") || /^[a-z][a-z+.-]+:/i.test(spec)) return unknown;
  if (spec.startsWith("~")) return unknown;
  const file = resolve(folder, spec);
  try {
    if ((await stat(file)).size > maxDocumentBytes) return unknown;
    const text = await readFile(file, "utf8");
    const document: unknown = text.trimStart().startsWith("{")
      ? JSON.parse(text)
      : (await import("yaml")).parse(text);
    return serverOf(document) ?? unknown;
  } catch {
    return unknown;
  }
}

function serverOf(document: unknown): string | undefined {
  if (!isRecord(document)) return undefined;
  const { servers, host, schemes } = document;
  const first: unknown = Array.isArray(servers) ? servers[0] : undefined;
  if (isRecord(first) && typeof first["url"] === "string") return originOf(first["url"]);
  if (typeof host !== "string") return undefined;
  const scheme: unknown = Array.isArray(schemes) ? schemes[0] : "https";
  return `${typeof scheme === "string" ? scheme : "https"}://${host}`;
}
