/**
 * Writes a new `codemode.json`: the imported servers, and for each a proposal of what only reads, since most
 * servers do not say.
 */
import type { MergedServer } from "./merge-servers.ts";

/** Names that read, by far most of the time; the person is asked to look. */
const readGlobs = ["get_*", "list_*", "read_*", "search_*", "find_*", "describe_*"];

const starter: MergedServer = {
  name: "everything",
  client: "",
  entry: { command: "npx", args: ["-y", "@modelcontextprotocol/server-everything"] },
  variables: [],
};

export interface ConfigTextOptions {
  /** Where editors find the schema, when it is installed beside the file. */
  readonly schema?: string | undefined;
}

export function toConfigText(servers: readonly MergedServer[], { schema }: ConfigTextOptions): string {
  const all = servers.length === 0 ? [starter] : servers;
  const variables = [...new Set(all.flatMap((server) => server.variables))];
  const origin =
    servers.length === 0
      ? "No other client's servers were found; this one is an example."
      : "Servers were imported from other clients, their secrets were not.";
  return [
    `// Written by \`codemode init\`. ${origin}`,
    ...(variables.length === 0
      ? []
      : ["// Set these where codemode is started:", ...variables.map((name) => `//   ${name}`)]),
    "{",
    ...(schema === undefined ? [] : [`  "$schema": ${JSON.stringify(schema)},`]),
    '  "mcpServers": {',
    joinEntries(all.map(({ name, entry }) => [name, entry])),
    "  },",
    "  // What tools do, by name, where their server does not say: look through these, and remove what is wrong.",
    '  "sources": {',
    joinEntries(
      all.map(({ name }) => [name, { effects: Object.fromEntries(readGlobs.map((glob) => [glob, "read"])) }]),
    ),
    "  },",
    "  // read-only, ask-writes or allow-all",
    '  "policy": "ask-writes"',
    "}",
    "",
  ].join("\n");
}

/** One entry to a line while it is short. */
function joinEntries(entries: readonly (readonly [string, object])[]): string {
  return entries
    .map(([name, value]) => {
      const short = `    ${JSON.stringify(name)}: ${oneLine(value)}`;
      if (short.length <= 110) return short;
      return `    ${JSON.stringify(name)}: ${JSON.stringify(value, null, 2).replaceAll("\n", "\n    ")}`;
    })
    .join(",\n");
}

function oneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, each]) => `${JSON.stringify(key)}: ${oneLine(each)}`)
    .join(", ")} }`;
}
