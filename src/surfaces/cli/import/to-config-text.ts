/**
 * Writes a new `codemode.json`: the imported servers, and what was seen to be missing in what they say of their tools.
 */
import type { MergedServer } from "./merge-servers.ts";

const starter: MergedServer = {
  name: "everything",
  client: "",
  file: "",
  entry: { command: "npx", args: ["-y", "@modelcontextprotocol/server-everything"] },
  variables: [],
};

export interface ConfigTextOptions {
  /** Where editors find the schema, when it is installed beside the file. */
  readonly schema?: string | undefined;
  /** For `sources.<name>.unstated`, by the server's name. */
  readonly unstated?: { readonly [server: string]: { readonly [glob: string]: "read" } };
}

export function toConfigText(
  servers: readonly MergedServer[],
  { schema, unstated = {} }: ConfigTextOptions,
): string {
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
    ...(Object.keys(unstated).length === 0 ? [] : proposedSources(unstated)),
    "  // read-only, ask-writes or allow-all",
    '  "policy": "ask-writes"',
    "}",
    "",
  ].join("\n");
}

function proposedSources(unstated: NonNullable<ConfigTextOptions["unstated"]>): string[] {
  return [
    "  // Tools that do not say what they do, and read by their names: look through these, and remove what is wrong.",
    '  "sources": {',
    joinEntries(Object.entries(unstated).map(([name, globs]) => [name, { unstated: globs }])),
    "  },",
  ];
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
