/**
 * Makes the sources that a configuration names. Nothing is dialled, and no variable is read, before a source
 * is used: what is wrong with one entry fails that source alone.
 */
import { isAbsolute } from "node:path";
import { defaultStartMs } from "../../catalog/live-catalog.ts";
import { createMcpSource } from "../../connectors/mcp/create-mcp-source.ts";
import type { McpSourceOptions } from "../../connectors/mcp/create-mcp-source.ts";
import type { Source } from "../../spec/source.ts";
import type { ConfigValues } from "./config/config-values.ts";
import type { LoadedConfig } from "./config/load-config.ts";
import { createFailedSource } from "./create-failed-source.ts";
import { locateSourceErrors } from "./locate-source-errors.ts";
import { withoutUndefined } from "./without-undefined.ts";
import type { ServerEntry } from "./config/server-entry-schema.ts";

const kinds = { mcpServers: "mcp", openapi: "openapi", utcp: "utcp" } as const;

export async function configToSources({
  config,
  values,
  folders,
  text,
  wrong,
}: Pick<LoadedConfig, "config" | "values" | "folders" | "text" | "wrong">): Promise<Source[]> {
  const sources: Source[] = wrong.map(({ name, table, error }) =>
    createFailedSource(name, kinds[table], error),
  );
  for (const [name, entry] of Object.entries(config.mcpServers ?? {})) {
    if (entry.disabled === true) continue;
    const { trusted, relay, startMs: start = defaultStartMs } = config.sources?.[name] ?? {};
    const options = entryToOptions(entry, { path: ["mcpServers", name], values });
    sources.push(
      locateSourceErrors(
        createMcpSource(name, {
          ...options,
          timeouts: { start },
          ...(trusted === undefined ? {} : { trusted }),
          ...(relay === undefined ? {} : { relay: withoutUndefined(relay) }),
        }),
        text,
      ),
    );
  }
  // Large parts of the program, which most configurations never need.
  const apis = Object.entries(config.openapi ?? {}).filter(([, entry]) => entry.disabled !== true);
  if (apis.length > 0) {
    const { entryToOpenapiSource } = await import("./entry-to-openapi-source.ts");
    for (const [name, entry] of apis) {
      const source = entryToOpenapiSource(entry, { name, values, stateFolder: folders.state });
      sources.push(locateSourceErrors(source, text));
    }
  }
  const manuals = Object.entries(config.utcp ?? {}).filter(([, entry]) => entry.disabled !== true);
  if (manuals.length > 0) {
    const { entryToUtcpSource } = await import("./entry-to-utcp-source.ts");
    for (const [name, entry] of manuals)
      sources.push(locateSourceErrors(entryToUtcpSource(entry, { name, values }), text));
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
      resolve: (template, { field }) => values.text(template, [...path, ...field]),
    };
  }
  /** A bare command is looked up on PATH; `./server` stands beside the configuration. */
  const read = (text: string, field: readonly (string | number)[]): string => {
    const place = [...path, ...field];
    const isPath = field[0] === "cwd" || (field[0] === "command" && isRelativeFile(text));
    return isPath ? values.path(text, place) : values.argument(text, place);
  };
  /** What holds a variable is not read before it is needed; the rest may be shown as it is. */
  const early = (text: string, field: readonly (string | number)[]): string =>
    text.includes("${") ? text : read(text, field);
  return {
    transport: "stdio",
    command: early(entry.command, ["command"]),
    args: (entry.args ?? []).map((arg, index) => early(arg, ["args", index])),
    ...(entry.env === undefined ? {} : { env: entry.env }),
    cwd: early(entry.cwd ?? ".", ["cwd"]),
    resolve: (template, { field }) => read(template, field),
  };
}

function isRelativeFile(command: string): boolean {
  return /[\\/]/.test(command) && !isAbsolute(command) && !/^(~|\$\{)/.test(command);
}
