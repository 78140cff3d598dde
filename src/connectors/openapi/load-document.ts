/**
 * Gets a document compiled, by the cheapest way there is: the one in memory, the one kept on disk, or by
 * parsing it. While its URL is down, the one fetched last serves.
 */
import { createHash } from "node:crypto";
import { CodemodeError, toCodemodeError } from "../../errors.ts";
import { isRecord } from "../../schema/is-record.ts";
import { compileDocument } from "./compile-document.ts";
import { compileInWorker } from "./compile-in-worker.ts";
import { compiledFormat, type CompiledDocument, type HttpOperation } from "./compiled-document.ts";
import { fetchDocument, isUrl } from "./fetch-document.ts";
import { readFetched, type FetchedRecord, writeFetched } from "./fetched-record.ts";
import { hideParameters } from "./hide-parameters.ts";
import type { HttpClient } from "./http-client.ts";
import { readKept, toCompiled, writeKept } from "./kept-document.ts";
import type { OpenApiSettings } from "./openapi-source-options.ts";

export interface LoadedDocument {
  readonly hash: string;
  readonly document: CompiledDocument;
  readonly operations: ReadonlyMap<string, HttpOperation>;
  /** Where it was fetched from, when that was a URL. */
  readonly url?: string;
  /** For `doctor`: how it was come by. */
  readonly origin: "kept" | "parsed";
  /** Why its URL could not be asked this time. */
  readonly outage?: string;
}

export interface LoadOptions {
  readonly settings: OpenApiSettings;
  readonly http: HttpClient;
  readonly signal: AbortSignal;
  /** What is in memory already. */
  readonly current?: LoadedDocument;
}

/** Throws `source_unavailable`, `source_timeout` or `source_invalid`. */
export async function loadDocument({
  settings,
  http,
  signal,
  current,
}: LoadOptions): Promise<LoadedDocument> {
  const { spec, name, limits, cacheFolder } = settings;
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(limits.loadMs)]);
  const before = cacheFolder === undefined || !isUrl(spec) ? undefined : await keptFetch(cacheFolder, spec);
  const fetched = await fetchDocument(spec, {
    source: name,
    http,
    signal: deadline,
    known: before?.record,
  }).catch((thrown: unknown) => {
    if (before === undefined || signal.aborted || !isOutage(thrown)) throw thrown;
    return { outage: toCodemodeError(thrown).message };
  });
  if (!("text" in fetched)) {
    if (before === undefined)
      throw new CodemodeError("internal", "Nothing is kept of an unchanged document.");
    const { hash, url } = before.record;
    const outage = "outage" in fetched ? { outage: fetched.outage } : {};
    if (current?.hash === hash && current.url === url) return { ...withoutOutage(current), ...outage };
    return { ...toLoaded(before.document, hash, settings), url, origin: "kept", ...outage };
  }
  const { text, from } = fetched;
  const hash = createHash("sha256").update(`${compiledFormat}\n`).update(text).digest("hex");
  if (current?.hash === hash && current.url === from?.url) return withoutOutage(current);
  const kept = cacheFolder === undefined ? undefined : await readKept(cacheFolder, hash);
  const loaded: LoadedDocument = {
    ...toLoaded(kept ?? (await compile(text, hash, settings)), hash, settings),
    ...(from !== undefined && { url: from.url }),
    origin: kept === undefined ? "parsed" : "kept",
  };
  if (cacheFolder !== undefined && from !== undefined && isUrl(spec))
    await writeFetched(cacheFolder, spec, { hash, ...from, fetchedAt: Date.now() });
  return loaded;
}

/** What was fetched from a URL before, if its compiled form is there as well. */
async function keptFetch(
  folder: string,
  spec: string,
): Promise<{ readonly record: FetchedRecord; readonly document: CompiledDocument } | undefined> {
  const record = await readFetched(folder, spec);
  const document = record === undefined ? undefined : await readKept(folder, record.hash);
  return record === undefined || document === undefined ? undefined : { record, document };
}

/** The server is away or ails. What it says of the address (gone, forbidden, private) is the operator's to hear. */
function isOutage(thrown: unknown): boolean {
  const { code, data, cause } = toCodemodeError(thrown);
  if (code !== "source_unavailable") return code === "source_timeout";
  const status = isRecord(data) ? data["status"] : undefined;
  return typeof status === "number" ? status >= 500 || status === 429 : cause !== undefined;
}

/** The same object when nothing is to be told, so that its caller stays. */
function withoutOutage(current: LoadedDocument): LoadedDocument {
  if (current.outage === undefined) return current;
  const { outage: _, ...rest } = current;
  return rest;
}

function toLoaded(
  compiled: CompiledDocument,
  hash: string,
  { hide, credentials }: OpenApiSettings,
): Omit<LoadedDocument, "origin"> {
  const document = hideParameters(compiled, {
    hide: hide ?? [],
    authenticates: credentials !== undefined,
  });
  return {
    hash,
    document,
    operations: new Map(document.operations.map((operation) => [operation.id, operation])),
  };
}

/**
 * JSON of this many characters costs a few milliseconds whatever is in it; YAML, whose aliases multiply, and
 * larger documents go to a thread of their own.
 */
const maxInlineLength = 256 * 1024;

async function compile(
  text: string,
  hash: string,
  { limits, cacheFolder }: OpenApiSettings,
): Promise<CompiledDocument> {
  const inline = text.length <= maxInlineLength && text.startsWith("{");
  const compiled = inline ? JSON.stringify(compileDocument(text)) : await compileInWorker(text, limits);
  if (cacheFolder !== undefined) await writeKept(cacheFolder, hash, compiled);
  const document = toCompiled(compiled);
  if (document === undefined)
    throw new CodemodeError("internal", "A document was compiled to another format.");
  return document;
}
