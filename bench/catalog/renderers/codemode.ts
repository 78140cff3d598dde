/** This project: the listing of its own connectors, through the catalog, as complete declarations. */
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { buildSource } from "../../../src/catalog/build-catalog.ts";
import { createOpenApiSource } from "../../../src/connectors/openapi/create-openapi-source.ts";
import { toToolDefinition } from "../../../src/connectors/mcp/to-tool-definition.ts";
import type { CatalogSource, SourceListing } from "../../../src/spec/tool.ts";
import { catalogToDeclarations } from "../../../src/typegen/catalog-to-declarations.ts";
import { commentText } from "../../../src/typegen/doc-comment.ts";
import { sourceToDeclarations } from "../../../src/typegen/source-to-declarations.ts";
import { toolToSignature } from "../../../src/typegen/tool-to-signature.ts";
import { type Document, mcpToolsOf } from "../documents.ts";
import type { Rendered } from "./rendered.ts";

export async function renderCodemode(document: Document): Promise<Rendered> {
  const source = buildSource({ name: document.name, listing: await listingOf(document) });
  const began = performance.now();
  const { text } = sourceToDeclarations(source);
  const ms = performance.now() - began;
  return {
    // The text alone is what is counted; that it also compiles with the prelude is checked beside it.
    files: { "source.d.ts": text },
    tools: source.tools.length,
    ms,
    signatures: source.tools.map((tool) => signatureTokens(source, tool)),
    ...(document.kind === "mcp" && { dropped: droppedDescriptions(document, text) }),
  };
}

/** One text that compiles alone, of any number of documents. */
export async function renderTogether(documents: readonly Document[]): Promise<string> {
  const sources = await Promise.all(
    documents.map(async (document) =>
      buildSource({ name: `${document.kind}_${document.name}`, listing: await listingOf(document) }),
    ),
  );
  return catalogToDeclarations({ sources });
}

export async function listingOf(document: Document): Promise<SourceListing> {
  if (document.kind === "openapi") {
    await using source = createOpenApiSource(document.name, { spec: document.file });
    return await source.list({ signal: AbortSignal.timeout(120_000) });
  }
  const bounds = { trusted: true, toolBytes: 2 ** 24 };
  const tools = mcpToolsOf(document).flatMap(
    (raw, position) => toToolDefinition(raw, { ...bounds, position }).tool ?? [],
  );
  return { tools, issues: [] };
}

function signatureTokens(source: CatalogSource, tool: CatalogSource["tools"][number]): number {
  const { signature, types } = toolToSignature(tool, source);
  return encode([signature, ...types].join("\n")).length;
}

const named = new Set(["properties", "patternProperties", "dependentSchemas"]);
const values = new Set(["enum", "const", "default", "examples", "required", "$defs", "definitions"]);

/** How many of the tools' and properties' descriptions the text lacks; white space does not count. */
function droppedDescriptions(document: Document, text: string): number {
  const wanted = new Set<string>();
  const walk = (schema: unknown): void => {
    if (typeof schema !== "object" || schema === null) return;
    if (Array.isArray(schema)) return schema.forEach(walk);
    for (const [keyword, inner] of Object.entries(schema)) {
      if (keyword === "description" && typeof inner === "string") wanted.add(inner);
      else if (named.has(keyword)) Object.values(inner as object).forEach(walk);
      else if (!values.has(keyword)) walk(inner);
    }
  };
  for (const tool of mcpToolsOf(document)) {
    if (tool.description !== undefined) wanted.add(tool.description);
    walk(tool.inputSchema);
    walk(tool.outputSchema);
  }
  return [...wanted].filter((description) => !text.includes(commentText(description))).length;
}
