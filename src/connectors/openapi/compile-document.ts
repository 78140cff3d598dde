/**
 * Reads an API description of any version into its kept form: every operation a tool, or an issue that says
 * why it is none. Pure: the same text gives the same result.
 */
import { CodemodeError } from "../../errors.ts";
import { isRecord } from "../../schema/is-record.ts";
import type { SourceListing, ToolDefinition, ToolIssue } from "../../spec/tool.ts";
import { breakSchemaLoops } from "./break-schema-loops.ts";
import { compiledFormat, type CompiledDocument, type HttpOperation } from "./compiled-document.ts";
import { digestTools } from "./digest-tools.ts";
import { follow } from "./document-refs.ts";
import { mediaKind } from "./media-kind.ts";
import { nameOperations } from "./name-operations.ts";
import type { OperationModel } from "./operation-model.ts";
import { operationToTool } from "./operation-to-tool.ts";
import type { JsonRecord } from "./parse-document.ts";
import { parseDocument } from "./parse-document.ts";
import { plainText } from "./plain-text.ts";
import { textOf } from "./read-openapi-operation.ts";
import { readOperations } from "./read-operations.ts";
import { readRequirements, readSecuritySchemes } from "./read-security.ts";
import { readServers, readSwaggerServers } from "./read-servers.ts";
import { createSchemaWriter } from "./write-schema.ts";

/** Throws `source_invalid` for what is no API description. */
export function compileDocument(text: string): CompiledDocument {
  const root = parseDocument(text);
  const isSwagger = isSwaggerDocument(root);
  const { models, issues } = readOperations(root, isSwagger);
  const { listing, operations } = compileOperations(root, models, issues);
  return {
    format: compiledFormat,
    listing: { ...listing, ...readInfo(root) },
    operations,
    servers: isSwagger
      ? readSwaggerServers(root)
      : (readServers(root["servers"]) ?? [{ url: "/", variables: {} }]),
    securitySchemes: readSecuritySchemes(root, isSwagger),
    security: readRequirements(root["security"]) ?? [],
  };
}

/** Throws for what is neither Swagger 2.0 nor OpenAPI 3.x. */
function isSwaggerDocument(root: JsonRecord): boolean {
  const { swagger, openapi } = root;
  if (typeof openapi === "string" && /^3\.\d/.test(openapi)) return false;
  if (String(swagger).startsWith("2")) return true;
  const version = openapi ?? swagger ?? root["swaggerVersion"];
  throw new CodemodeError(
    "source_invalid",
    version === undefined
      ? 'The document has no "openapi" or "swagger" field, so it is no API description.'
      : `The document is of version ${JSON.stringify(version)}, which is not read.`,
    { hint: "Give an OpenAPI 3.0, 3.1 or 3.2 or a Swagger 2.0 document." },
  );
}

function compileOperations(
  root: JsonRecord,
  models: readonly OperationModel[],
  readIssues: readonly ToolIssue[],
): { listing: SourceListing; operations: HttpOperation[] } {
  const issues = [...readIssues];
  const schemas = createSchemaWriter(root);
  const names = nameOperations(
    models.map((model) => ({ ...model, answersList: answersList(root, model) })),
    tagParents(root),
  );
  const upstreamNames = chooseUpstreamNames(models, issues);
  const made = models.map((model, index) =>
    operationToTool(model, { upstreamName: upstreamNames[index] ?? "", name: names[index] ?? [] }, schemas),
  );
  for (const each of made) issues.push(...each.issues);
  const definitions = schemas.definitions();
  for (const name of breakSchemaLoops(definitions)) {
    const reason = `The schema "${name}" refers to itself without end; the loop was cut, anything is allowed there.`;
    issues.push({ upstreamName: "*", kind: "repaired", reason });
  }
  for (const reason of schemas.problems.values())
    issues.push({ upstreamName: "*", kind: "repaired", reason });
  const digests = digestTools(
    made.map(({ tool }, index) => ({ raw: models[index]?.raw ?? {}, input: tool.input })),
    definitions,
  );
  const tools: ToolDefinition[] = made.map(({ tool, operation: { method, path } }, index) => ({
    ...tool,
    raw: { method, path, digest: digests[index] },
  }));
  return {
    listing: { tools, definitions: Object.fromEntries(definitions), issues },
    operations: made.map(({ operation }) => operation),
  };
}

/** The operationId, unless it is missing or given twice: then `GET /path`. */
function chooseUpstreamNames(models: readonly OperationModel[], issues: ToolIssue[]): string[] {
  const counts = new Map<string, number>();
  for (const { operationId } of models) {
    if (operationId !== undefined) counts.set(operationId, (counts.get(operationId) ?? 0) + 1);
  }
  return models.map(({ operationId, method, path }) => {
    const place = `${method} ${path}`;
    if (operationId === undefined) return place;
    if (counts.get(operationId) === 1) return operationId;
    const reason = `Several operations have the operationId "${operationId}".`;
    issues.push({ upstreamName: place, kind: "renamed", reason });
    return place;
  });
}

/** Whether the first successful JSON answer is a list, or an object around one. */
function answersList(root: JsonRecord, model: OperationModel): boolean {
  if (model.method !== "GET") return false;
  const success = model.responses.find(({ status }) => status.startsWith("2"));
  const content = success?.contents.find(({ mediaType }) => mediaKind(mediaType) === "json");
  const followed = follow(root, content?.schema);
  if ("problem" in followed) return false;
  const { type, properties } = followed.value;
  if (type === "array") return true;
  if (!isRecord(properties)) return false;
  return ["data", "items", "results", "values", "entries"].some((key) => {
    const property = properties[key];
    return isRecord(property) && property["type"] === "array";
  });
}

/** OpenAPI 3.2 arranges tags in a tree. */
function tagParents(root: JsonRecord): Map<string, string> {
  const parents = new Map<string, string>();
  const tags = Array.isArray(root["tags"]) ? root["tags"] : [];
  for (const tag of tags) {
    if (!isRecord(tag)) continue;
    const { name, parent } = tag;
    if (typeof name === "string" && typeof parent === "string") parents.set(name, parent);
  }
  return parents;
}

function readInfo(root: JsonRecord): Pick<SourceListing, "title" | "instructions"> {
  const info = isRecord(root["info"]) ? root["info"] : {};
  const title = textOf(info["title"]);
  const description = plainText(info["description"])?.slice(0, 8_000);
  return {
    ...(title !== undefined && { title }),
    ...(description !== undefined && { instructions: description }),
  };
}
