/**
 * Gets a document compiled, by the cheapest way there is: the one in memory, the one kept on disk, or by
 * parsing it.
 */
import { createHash } from "node:crypto";
import { CodemodeError } from "../../errors.ts";
import { compileDocument } from "./compile-document.ts";
import { compileInWorker } from "./compile-in-worker.ts";
import { compiledFormat, type CompiledDocument, type HttpOperation } from "./compiled-document.ts";
import { fetchDocument } from "./fetch-document.ts";
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
  const { text, url } = await fetchDocument(spec, { source: name, http, signal: deadline });
  const hash = createHash("sha256").update(`${compiledFormat}\n`).update(text).digest("hex");
  if (current?.hash === hash && current.url === url) return current;
  const kept = cacheFolder === undefined ? undefined : await readKept(cacheFolder, hash);
  const document = hideParameters(kept ?? (await compile(text, hash, settings)), {
    hide: settings.hide ?? [],
    authenticates: settings.credentials !== undefined,
  });
  return {
    hash,
    document,
    operations: new Map(document.operations.map((operation) => [operation.id, operation])),
    ...(url !== undefined && { url }),
    origin: kept === undefined ? "parsed" : "kept",
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
