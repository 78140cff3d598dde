/**
 * Makes the sources that a configuration names. Nothing is dialled, and no variable is read, before a source
 * is used: what is wrong with one entry fails that source alone.
 */
import { isAbsolute } from "node:path";
import { createMcpSource } from "../../connectors/mcp/create-mcp-source.ts";
import type { McpSourceOptions } from "../../connectors/mcp/create-mcp-source.ts";
import type { Source } from "../../spec/source.ts";
import type { ConfigValues } from "./config/config-values.ts";
import type { LoadedConfig } from "./config/load-config.ts";
import type { ServerEntry } from "./config/server-entry-schema.ts";

export function configToSources({ config, values }: Pick<LoadedConfig, "config" | "values">): Source[] {
  const sources: Source[] = [];
  for (const [name, entry] of Object.entries(config.mcpServers ?? {})) {
    if (entry.disabled === true) continue;
    const trusted = config.sources?.[name]?.trusted;
    const options = entryToOptions(entry, { path: ["mcpServers", name], values });
    sources.push(createMcpSource(name, { ...options, ...(trusted === undefined ? {} : { trusted }) }));
  }
  return sources;
}

interface EntryPlace {
  readonly path: readonly string[];
  readonly values: ConfigValues;
}

function entryToOptions(entry: ServerEntry, { path, values }: EntryPlace): McpSourceOptions {
  if (entry.command === undefined) {
    return {
      transport: "http",
      url: entry.url ?? "",
      ...(entry.headers === undefined ? {} : { headers: entry.headers }),
      ...(entry.type === undefined ? {} : { type: entry.type === "sse" ? "sse" : "http" }),
      resolve: (template) => values.text(template, fieldOf(entry, template, path)),
    };
  }
  const { command } = entry;
  const folder = entry.cwd ?? ".";
  const cwd = isLate(folder) ? `${folder}${folderMark}` : values.path(folder, [...path, "cwd"]);
  return {
    transport: "stdio",
    command:
      isRelativeFile(command) && !isLate(command) ? values.path(command, [...path, "command"]) : command,
    args: entry.args ?? [],
    ...(entry.env === undefined ? {} : { env: entry.env }),
    cwd,
    resolve: (template) => {
      if (template === cwd && isLate(cwd)) return values.path(template, [...path, "cwd"]);
      return values.argument(template, fieldOf(entry, template, path));
    },
  };
}

/** Tells a folder from an argument of the same text; as a path it says nothing more. */
const folderMark = "/.";

/** What holds a variable is not read before it is needed. */
function isLate(text: string): boolean {
  return text.includes("${");
}

/** A bare name is looked up on PATH; `./server` stands beside the configuration. */
function isRelativeFile(command: string): boolean {
  return !isAbsolute(command) && /[\\/]/.test(command) && !command.startsWith("~");
}

/** Which field holds a text, for the message when it cannot be expanded. */
function fieldOf(entry: ServerEntry, template: string, path: readonly string[]): (string | number)[] {
  for (const [key, value] of Object.entries(entry)) {
    if (value === template) return [...path, key];
    if (typeof value !== "object" || value === null) continue;
    for (const [part, each] of Object.entries(value)) {
      if (each === template) return [...path, key, Array.isArray(value) ? Number(part) : part];
    }
  }
  return [...path];
}
