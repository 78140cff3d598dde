/**
 * Gets the text of an API description: from a file, from a URL, or from the object that was given.
 */
import { readFile, stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { CodemodeError } from "../../errors.ts";
import { acceptEncoding, type HttpClient } from "./http-client.ts";
import { maxJsonLength } from "./parse-document.ts";
import { toSendError } from "./to-send-error.ts";

export interface FetchedDocument {
  readonly text: string;
  /** Where it came from in the end, when that was a URL. */
  readonly url?: string;
}

export interface FetchOptions {
  readonly source: string;
  readonly http: HttpClient;
  readonly signal: AbortSignal;
}

const maxRedirects = 5;

/** Throws `source_unavailable`, `source_timeout` or `source_invalid`. */
export async function fetchDocument(spec: string | object, options: FetchOptions): Promise<FetchedDocument> {
  if (typeof spec === "object") return { text: toText(spec) };
  if (/^https?:\/\//i.test(spec)) return await fetchUrl(spec, options);
  return { text: await readText(spec.startsWith("file:") ? fileURLToPath(spec) : spec, options) };
}

function toText(spec: object): string {
  try {
    return JSON.stringify(spec);
  } catch (cause) {
    throw new CodemodeError("source_invalid", "The API description is no plain JSON object.", {
      cause,
      hint: "Pass the document as it was parsed, with its references in it.",
    });
  }
}

async function readText(path: string, { source, signal }: FetchOptions): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > 4 * maxJsonLength) {
      throw new CodemodeError(
        "source_invalid",
        `The document of "${source}" has ${size} bytes; at most ${4 * maxJsonLength} are read.`,
      );
    }
    return await readFile(path, { encoding: "utf8", signal });
  } catch (cause) {
    if (cause instanceof CodemodeError) throw cause;
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    const missing = code === "ENOENT";
    throw new CodemodeError(
      "source_unavailable",
      `The document of "${source}" cannot be read: ${path}${missing ? " does not exist" : ` (${code})`}.`,
      {
        cause,
        hint: "Check the path; a relative one is relative to the configuration file.",
      },
    );
  }
}

/** The operator has named the first host; where it redirects to has to be public. */
async function fetchUrl(spec: string, { source, http, signal }: FetchOptions): Promise<FetchedDocument> {
  const start = new URL(spec);
  let url = start;
  for (let hops = 0; hops <= maxRedirects; hops += 1) {
    const answer = await http
      .send({
        method: "GET",
        origin: url.origin,
        target: url.pathname + url.search,
        headers: new Map([
          ["accept", "application/json, application/yaml;q=0.9, */*;q=0.8"],
          ["accept-encoding", acceptEncoding],
          ["user-agent", "codemode"],
        ]),
        signal,
        maxBytes: maxJsonLength,
        trusted: url.origin === start.origin,
      })
      .catch((thrown: unknown) => {
        throw toSendError(thrown, { source, origin: url.origin, signal });
      });
    const location = answer.headers.get("location");
    if (answer.status >= 300 && answer.status < 400 && location !== undefined) {
      url = new URL(location, url);
      continue;
    }
    if (answer.status === 200) return { text: answer.body.toString(), url: url.href };
    throw new CodemodeError(
      "source_unavailable",
      `The document of "${source}" cannot be fetched: ${url.origin} answered ${answer.status}.`,
      {
        hint: "Check the URL of the document.",
      },
    );
  }
  throw new CodemodeError(
    "source_unavailable",
    `The document of "${source}" cannot be fetched: more than ${maxRedirects} redirects.`,
  );
}
