/**
 * The shape of one entry of `mcpServers`: exactly what users of Claude Desktop, Claude Code, Cursor and
 * VS Code already have. Keys that other clients add are let through and warned about elsewhere.
 */
import * as z from "zod";

export const transportTypes = ["stdio", "http", "sse", "streamable-http"] as const;

/** Kept apart from the object so that unknown keys can be told from known ones. */
const keys = {
  command: z
    .string()
    .min(1)
    .optional()
    .describe("The program to start, found on PATH or relative to this file."),
  args: z.array(z.string()).optional().describe("Its arguments. ${VAR} and a leading ~/ are expanded."),
  env: z
    .record(z.string(), z.string())
    .optional()
    .describe("Environment variables of the program. Write secrets as ${VAR}, never as text."),
  cwd: z.string().optional().describe("The folder it starts in. Default: the folder of this file."),
  url: z.string().optional().describe("The URL of a remote server, instead of `command`."),
  headers: z
    .record(z.string(), z.string())
    .optional()
    .describe("HTTP headers sent to the remote server. Write secrets as ${VAR}, never as text."),
  type: z
    .enum(transportTypes)
    .optional()
    .describe(
      "The transport. Default: `stdio` for a command; for a URL Streamable HTTP, with SSE as fallback.",
    ),
  disabled: z.boolean().optional().describe("Keep the entry in the file without using it."),
};

export const serverEntryKeys: readonly string[] = Object.keys(keys);

export const serverEntrySchema = z.looseObject(keys).superRefine((entry, context) => {
  const problem = contradiction(entry);
  if (problem !== undefined)
    context.addIssue({ code: "custom", message: problem.message, path: problem.path });
});

export type ServerEntry = z.infer<typeof serverEntrySchema>;

interface Contradiction {
  readonly message: string;
  readonly path: string[];
}

function contradiction(entry: {
  command?: unknown;
  url?: unknown;
  type?: unknown;
}): Contradiction | undefined {
  const { command, url, type } = entry;
  if (command === undefined && url === undefined) {
    return { message: 'needs a "command" to start or a "url" to connect to', path: [] };
  }
  if (command !== undefined && url !== undefined) {
    return { message: 'has both "command" and "url"; a server is either started or connected to', path: [] };
  }
  if (url !== undefined && type === "stdio")
    return { message: 'is "stdio", which needs "command", not "url"', path: ["type"] };
  if (command !== undefined && type !== undefined && type !== "stdio") {
    return { message: `is ${JSON.stringify(type)}, which needs "url", not "command"`, path: ["type"] };
  }
  return undefined;
}
