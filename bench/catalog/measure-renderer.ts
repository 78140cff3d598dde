/** Measures one renderer on one document, in a process of its own, and prints the result as JSON. */
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { compileErrors } from "./compile-errors.ts";
import type { Document } from "./documents.ts";
import { renderCloudflareCodemode } from "./renderers/cloudflare-codemode.ts";
import { renderCodemode } from "./renderers/codemode.ts";
import { renderJsonSchemaToTypescript } from "./renderers/json-schema-to-typescript.ts";
import { renderOpenApiTypescript } from "./renderers/openapi-typescript.ts";
import type { Rendered } from "./renderers/rendered.ts";

export interface Measurement {
  readonly tools: number;
  readonly ms: number;
  readonly tokens: number;
  readonly errors: number;
  readonly firstError?: string;
  readonly signatures?: readonly number[];
  readonly dropped?: number;
}

const renderers: { readonly [name: string]: (document: Document) => Promise<Rendered | undefined> } = {
  codemode: renderCodemode,
  "@cloudflare/codemode": renderCloudflareCodemode,
  "openapi-typescript": renderOpenApiTypescript,
  "json-schema-to-typescript": renderJsonSchemaToTypescript,
};

const [name = "", kind, documentName = "", file = ""] = process.argv.slice(2);
const render = renderers[name];
if (render === undefined || (kind !== "mcp" && kind !== "openapi")) throw new Error(`No renderer "${name}".`);
const rendered = await render({ kind, name: documentName, file });
console.log(JSON.stringify(rendered === undefined ? null : measure(rendered)));

function measure({ files, tools, ms, signatures, dropped }: Rendered): Measurement {
  const tokens = Object.values(files).reduce((sum, text) => sum + encode(text).length, 0);
  const { errors, first } = compileErrors(files);
  return {
    tools,
    ms,
    tokens,
    errors,
    ...(first !== undefined && { firstError: first }),
    ...(signatures !== undefined && { signatures }),
    ...(dropped !== undefined && { dropped }),
  };
}
