/** `openapi-typescript`: one `paths` and `operations` interface per API description. */
import openapiTS, { astToString } from "openapi-typescript";
import { type Document, readDocument } from "../documents.ts";
import type { Rendered } from "./rendered.ts";

export async function renderOpenApiTypescript(document: Document): Promise<Rendered | undefined> {
  if (document.kind !== "openapi") return undefined;
  const parsed = readDocument(document) as Parameters<typeof openapiTS>[0];
  const began = performance.now();
  const text = astToString(await openapiTS(parsed, { silent: true }));
  const ms = performance.now() - began;
  return { files: { "source.d.ts": text }, tools: countMethods(text), ms };
}

function countMethods(text: string): number {
  const paths = text.slice(
    text.indexOf("interface paths"),
    text.indexOf("\n}\n", text.indexOf("interface paths")),
  );
  return paths.match(/^ {8}(?:get|put|post|delete|options|head|patch|trace): /gm)?.length ?? 0;
}
