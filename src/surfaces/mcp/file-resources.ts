/**
 * The files of a workspace as MCP resources, `codemode://files/<path>`, and links to what a run has left. Each client sees
 * those of its own principal alone.
 */
import { ProtocolError, ProtocolErrorCode, ResourceNotFoundError } from "@modelcontextprotocol/server";
import type {
  CallToolResult,
  InputRequiredResult,
  ReadResourceResult,
  Resource,
  ResourceLink,
  Server,
} from "@modelcontextprotocol/server";
import { CodemodeError, type Codemode, type Execution, type FileEntry } from "../../index.ts";
import { mostTokens } from "../../run/render/most-tokens.ts";

const prefix = "codemode://files/";
const pageSize = 100;
/** Clients bound the size of one message. */
const mostBytes = 4 * 2 ** 20;
/** A link costs its reader as much as a line of text. */
const mostLinks = 4;
/** The first revision that knows links. */
const linksSince = "2025-06-18";

const template = {
  uriTemplate: `${prefix}{+path}{?offset,length}`,
  name: "file",
  title: "A file of the workspace",
  description: `What snippets wrote with codemode.fs, and results that were too long: runs/<run>/result.json. At most ${mostBytes} bytes at once; offset and length count bytes.`,
};

/** What other resources the server has. */
export interface OtherResources {
  resources(signal: AbortSignal): Promise<Resource[]>;
  readResource(uri: string, signal: AbortSignal): Promise<ReadResourceResult>;
}

export interface FileResourcesOptions {
  readonly principal?: string | undefined;
  readonly others?: OtherResources | undefined;
}

/** Answers `resources/list`, `resources/templates/list` and `resources/read`. */
export function offerFiles(
  server: Server,
  codemode: Codemode,
  { principal, others }: FileResourcesOptions,
): void {
  const who = principal === undefined ? {} : { principal };
  server.setRequestHandler("resources/list", async ({ params }, { mcpReq }) => {
    const after = readCursor(params?.cursor);
    const entries = (await codemode.files.list(who)).filter(
      ({ path }) => after === undefined || path > after,
    );
    const page = entries.slice(0, pageSize);
    const last = page.at(-1);
    if (entries.length > pageSize && last !== undefined)
      return { resources: page.map(toResource), nextCursor: Buffer.from(last.path).toString("base64url") };
    const rest = (await others?.resources(mcpReq.signal)) ?? [];
    return { resources: [...page.map(toResource), ...rest] };
  });
  server.setRequestHandler("resources/templates/list", () => ({ resourceTemplates: [template] }));
  server.setRequestHandler("resources/read", async ({ params: { uri } }, { mcpReq }) => {
    if (uri.startsWith(prefix)) return readFile(codemode, uri, who);
    if (others === undefined) throw new ResourceNotFoundError(uri);
    return others.readResource(uri, mcpReq.signal);
  });
}

function toResource({ path, mime, bytes, modifiedAt }: FileEntry): Resource {
  return {
    uri: pathToUri(path),
    name: path,
    mimeType: mime,
    size: bytes,
    annotations: { lastModified: new Date(modifiedAt).toISOString() },
  };
}

function pathToUri(path: string): string {
  return prefix + path.split("/").map(encodeURIComponent).join("/");
}

/** Throws a protocol error for a cursor that this server did not give. */
function readCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  if (/^[\w-]{1,1000}$/.test(cursor)) return Buffer.from(cursor, "base64url").toString();
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, "The cursor is none that was given.");
}

async function readFile(
  codemode: Codemode,
  uri: string,
  who: { readonly principal?: string },
): Promise<ReadResourceResult> {
  const { path, offset, length } = readUri(uri);
  const { entry, content } = await find(codemode, uri, { path, ...who });
  const part = content.subarray(offset, length === undefined ? undefined : offset + length);
  if (part.byteLength > mostBytes)
    throw new ProtocolError(
      ProtocolErrorCode.InvalidParams,
      `The file has ${entry.bytes} bytes; read it in parts: ${pathToUri(path)}?offset=0&length=${mostBytes}`,
    );
  const text = isText(entry.mime) ? toText(part) : undefined;
  const known = { uri, mimeType: entry.mime };
  return {
    contents: [
      text === undefined ? { ...known, blob: Buffer.from(part).toString("base64") } : { ...known, text },
    ],
  };
}

async function find(
  codemode: Codemode,
  uri: string,
  request: { readonly path: string; readonly principal?: string },
): ReturnType<Codemode["files"]["read"]> {
  try {
    return await codemode.files.read(request);
  } catch (error) {
    const code = error instanceof CodemodeError ? error.code : undefined;
    if (code === "file_not_found" || code === "file_path_invalid") throw new ResourceNotFoundError(uri);
    throw error;
  }
}

function readUri(uri: string): { path: string; offset: number; length: number | undefined } {
  const [encoded = "", query = ""] = uri.slice(prefix.length).split("?", 2);
  const asked = new URLSearchParams(query);
  const count = (name: string): number | undefined => {
    const given = asked.get(name);
    if (given === null) return undefined;
    if (/^\d{1,12}$/.test(given)) return Number(given);
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `${name} is a number of bytes.`);
  };
  try {
    return { path: decodeURIComponent(encoded), offset: count("offset") ?? 0, length: count("length") };
  } catch (error) {
    if (error instanceof ProtocolError) throw error;
    throw new ResourceNotFoundError(uri);
  }
}

function isText(mime: string): boolean {
  return /^text\/|[/+](?:json|xml|yaml|x-ndjson)$/.test(mime);
}

/** Nothing for bytes that are no UTF-8: they are sent as they are. */
function toText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Links to the first files that the run has left, as many as its budget has room for. */
export function executionToLinks({ document, spareTokens = 0 }: Execution): ResourceLink[] {
  const links: ResourceLink[] = [];
  let left = spareTokens;
  for (const { path, mime, bytes } of (document.artifacts ?? []).slice(0, mostLinks)) {
    const link: ResourceLink = {
      type: "resource_link",
      uri: pathToUri(path),
      name: path,
      mimeType: mime,
      size: bytes,
    };
    left -= mostTokens(JSON.stringify(link));
    if (left >= 0) links.push(link);
  }
  return links;
}

/** The answer without links, for a client of a revision that has none. */
export function withoutUnknownLinks<T extends CallToolResult | InputRequiredResult>(
  result: T,
  version: string | undefined,
): T {
  if (!("content" in result) || !Array.isArray(result.content)) return result;
  if (version === undefined || version >= linksSince) return result;
  return { ...result, content: result.content.filter(({ type }) => type !== "resource_link") };
}
