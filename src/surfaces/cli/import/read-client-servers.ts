/**
 * Reads the servers of one client's file into the one shape that `mcpServers` has. A file that is absent has
 * none; one that cannot be read is said so and skipped.
 */
import { readFile } from "node:fs/promises";
import { parse as parseJson } from "jsonc-parser";
import type { ParseError } from "jsonc-parser";
import { parse as parseToml } from "smol-toml";
import { isRecord } from "../../../schema/is-record.ts";
import type { ClientFile } from "./client-files.ts";
import { toImportedEntry } from "./to-imported-entry.ts";
import type { ImportedEntry } from "./to-imported-entry.ts";

export interface ImportedServer {
  readonly client: string;
  readonly file: string;
  readonly name: string;
  readonly entry: ImportedEntry;
}

export interface ClientServers {
  readonly servers: readonly ImportedServer[];
  /** Why the file could not be used. */
  readonly problem?: string;
}

export async function readClientServers(place: ClientFile, workingFolder: string): Promise<ClientServers> {
  const { client, file, format } = place;
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch {
    return { servers: [] };
  }
  try {
    const content = format === "toml" ? parseToml(text) : readJson(text);
    const servers = tablesOf(content, workingFolder).flatMap((table) =>
      Object.entries(table).flatMap(([name, raw]) => {
        const entry = toImportedEntry(raw);
        return entry === undefined ? [] : [{ client, file, name, entry }];
      }),
    );
    return { servers };
  } catch (thrown) {
    const reason = thrown instanceof Error ? (thrown.message.split("\n", 1)[0] ?? "") : String(thrown);
    return { servers: [], problem: `${file} cannot be read: ${reason}` };
  }
}

function readJson(text: string): unknown {
  const errors: ParseError[] = [];
  const value: unknown = parseJson(text, errors, { allowTrailingComma: true });
  if (errors.length > 0) throw new Error("it is not valid JSON");
  return value;
}

/** The tables of servers in a file: of everyone, and of this folder where a client keeps projects apart. */
function tablesOf(content: unknown, workingFolder: string): { readonly [name: string]: unknown }[] {
  if (!isRecord(content)) return [];
  const projects = content["projects"];
  const project = isRecord(projects) ? projects[workingFolder] : undefined;
  return [
    ...(isRecord(project) ? tablesOf({ mcpServers: project["mcpServers"] }, workingFolder) : []),
    ...[content["mcpServers"], content["servers"], content["mcp_servers"]].filter(isRecord),
  ];
}
