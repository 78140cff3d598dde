/**
 * An MCP server of an OpenAPI document whose calls the program makes itself: it knows where the API is and holds its
 * credentials, which the sandbox never sees.
 */
import { createOpenApiSource } from "../../index.ts";
import type { OpenApiSourceOptions } from "../../index.ts";
import { answerToValue } from "../cloudflare/answer-to-value.ts";
import { wrapSource, type WrapOptions, type WrappedServer } from "./wrapped-server.ts";

type Send = NonNullable<OpenApiSourceOptions["send"]>;

export interface OpenApiMcpServerOptions extends WrapOptions {
  /** The document: a path, an `http(s):` or `file:` URL, or the parsed document itself. */
  readonly spec: string | object;
  /** Makes one HTTP call; what it answers is the tool's result, what it throws the tool's failure. */
  readonly request: (...args: Parameters<Send>) => unknown;
  /** Where its operations are called: `tools.<name>.…`. Default `api`. */
  readonly name?: string;
}

/** Throws `source_*` for a document that cannot be read. */
export async function openApiMcpServer({
  spec,
  request,
  name = "api",
  ...options
}: OpenApiMcpServerOptions): Promise<WrappedServer> {
  const send: Send = async (...args) => answerToValue(await request(...args));
  return await wrapSource(createOpenApiSource(name, { spec, send }), options);
}
