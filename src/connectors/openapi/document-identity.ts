/**
 * Names the API behind a document for a run's record: where the document is, where requests go, and for whom. The base
 * URL is known without the document only where the operator has named it.
 */
import { toCodemodeError } from "../../errors.ts";
import type { SourceIdentity } from "../../spec/source-identity.ts";
import { shownUrl } from "../identity/shown-settings.ts";
import { chooseBaseUrl } from "./choose-base-url.ts";
import type { LoadedDocument } from "./load-document.ts";
import type { OpenApiSettings } from "./openapi-source-options.ts";

export async function documentIdentity(
  settings: OpenApiSettings,
  loaded: LoadedDocument | undefined,
): Promise<SourceIdentity> {
  const { spec, account } = settings;
  const baseUrl = settings.baseUrl ?? toBaseUrl(settings, loaded);
  const named = typeof account === "function" ? await account() : account;
  return {
    kind: "openapi",
    ...(typeof spec === "string" ? { url: shownUrl(spec) } : {}),
    ...(baseUrl === undefined ? {} : { baseUrl: shownUrl(baseUrl).replace(/\/+$/, "") }),
    ...(named === undefined ? {} : { account: named }),
  };
}

/** A document that does not say where its API is has no base; a call says so in its own words. */
function toBaseUrl(settings: OpenApiSettings, loaded: LoadedDocument | undefined): string | undefined {
  if (loaded === undefined || settings.send !== undefined) return undefined;
  const { document, url } = loaded;
  try {
    const around = { settings, document, ...(url === undefined ? {} : { documentUrl: url }) };
    const { origin, path } = chooseBaseUrl({}, around);
    return origin + path;
  } catch (thrown) {
    if (toCodemodeError(thrown).code === "source_unavailable") return undefined;
    throw thrown;
  }
}
