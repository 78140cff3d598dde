/** `json-schema-to-typescript`: interfaces of each tool's input and output, each tool in a namespace of its own. */
import { compile } from "json-schema-to-typescript";
import { type Document, mcpToolsOf } from "../documents.ts";
import type { Rendered } from "./rendered.ts";

export async function renderJsonSchemaToTypescript(document: Document): Promise<Rendered | undefined> {
  // It knows schemas, not operations.
  if (document.kind !== "mcp") return undefined;
  const options = { bannerComment: "", format: false, additionalProperties: false };
  let ms = 0;
  let text = "";
  let tools = 0;
  for (const [at, tool] of mcpToolsOf(document).entries()) {
    const schemas = [["Input", tool.inputSchema] as const, ["Output", tool.outputSchema] as const];
    for (const [name, schema] of schemas) {
      if (schema === undefined) continue;
      const began = performance.now();
      const made = await compile(structuredClone(schema), name, options);
      ms += performance.now() - began;
      text += `declare namespace tool${at}${name} {\n${made}}\n`;
    }
    text += `/** ${(tool.description ?? "").replaceAll("*/", "*\\/")} */\n`;
    text += `declare function tool${at}(input: tool${at}Input.Input): Promise<${tool.outputSchema === undefined ? "any" : `tool${at}Output.Output`}>;\n`;
    tools += 1;
  }
  return { files: { "source.d.ts": text }, tools, ms };
}
