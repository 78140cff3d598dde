/**
 * Makes a tool of an operation. Its arguments are one flat object: every parameter under its own name,
 * wherever it goes in the request, and the request body as `body`. Where two parameters have the same name,
 * the later of path, query, header, cookie gets its place appended (`idQuery`). `contentType` and `accept`
 * exist only where the operation offers contents that differ.
 */
import type { ToolDefinition, ToolIssue } from "../../spec/tool.ts";
import type { JsonSchema } from "../../spec/value.ts";
import { chooseContents } from "./choose-contents.ts";
import type { HttpContent, HttpOperation, HttpParameter } from "./compiled-document.ts";
import { parameterPlaces } from "./compiled-document.ts";
import { isIgnoredHeader, isRefusedHeader } from "./header-rules.ts";
import { isRecord } from "../../schema/is-record.ts";
import type { ContentModel, OperationModel, ParameterModel } from "./operation-model.ts";
import { describeContent, writeOutput } from "./describe-content.ts";
import type { SchemaWriter } from "./write-schema.ts";

export interface OperationTool {
  readonly tool: Omit<ToolDefinition, "raw">;
  readonly operation: HttpOperation;
  readonly issues: readonly ToolIssue[];
}

export interface OperationIdentity {
  readonly upstreamName: string;
  readonly name: readonly string[];
}

export function operationToTool(
  model: OperationModel,
  identity: OperationIdentity,
  schemas: SchemaWriter,
): OperationTool {
  const { upstreamName } = identity;
  const issues: ToolIssue[] = model.repairs.map((reason) => ({ upstreamName, kind: "repaired", reason }));
  const input = new InputSchema();
  const parameters = writeParameters(model, input, { schemas, issues, upstreamName });
  const contents = chooseContents(model.body?.contents ?? []);
  const body = contents.length === 0 ? undefined : writeBody(model, contents, { input, schemas });
  const { output, accepts } = writeOutput(model.responses, schemas);
  const acceptKey =
    accepts.length < 2
      ? undefined
      : input.add("accept", {
          schema: { enum: accepts, description: `Media type of the answer; ${accepts[0]} unless given.` },
        });
  const effect = effectOf(model.method);
  return {
    tool: {
      ...identity,
      description: descriptionOf(model),
      input: input.toSchema(),
      ...(output !== undefined && { output }),
      ...(effect !== undefined && { effect }),
      ...(model.tags.length > 0 && { tags: model.tags }),
      ...(model.deprecated && { deprecated: true }),
    },
    operation: {
      id: upstreamName,
      method: model.method,
      path: model.path,
      parameters,
      ...(body !== undefined && { body }),
      accepts,
      ...(acceptKey !== undefined && { acceptKey }),
      ...(model.servers !== undefined && { servers: model.servers }),
      ...(model.security !== undefined && { security: model.security }),
    },
    issues,
  };
}

interface InputProperty {
  readonly schema: JsonSchema;
  readonly required?: boolean;
  /** Appended when the key is taken. */
  readonly suffix?: string;
}

class InputSchema {
  readonly #properties = new Map<string, JsonSchema>();
  readonly #required: string[] = [];

  has(key: string): boolean {
    return this.#properties.has(key);
  }

  /** Adds a property under `key` or, when that is taken, under the next free variation; answers with it. */
  add(key: string, { schema, required = false, suffix = "" }: InputProperty): string {
    let free = key;
    for (let count = 1; this.has(free); count += 1)
      free = `${key}${suffix}${count === 1 && suffix !== "" ? "" : count}`;
    this.#properties.set(free, schema);
    if (required) this.#required.push(free);
    return free;
  }

  toSchema(): JsonSchema {
    return {
      type: "object",
      properties: Object.fromEntries(this.#properties),
      ...(this.#required.length > 0 && { required: this.#required }),
      additionalProperties: false,
    };
  }
}

interface WriteParameters {
  readonly schemas: SchemaWriter;
  readonly issues: ToolIssue[];
  readonly upstreamName: string;
}

function writeParameters(model: OperationModel, input: InputSchema, into: WriteParameters): HttpParameter[] {
  const parameters: HttpParameter[] = [];
  const ordered = parameterPlaces.flatMap((place) => model.parameters.filter((one) => one.place === place));
  for (const parameter of ordered) {
    const { name, place, required, mediaType, style, explode, allowReserved } = parameter;
    const { upstreamName } = into;
    if (place === "header" && isIgnoredHeader(name)) continue;
    if (place === "header" && isRefusedHeader(name)) {
      const reason = `The header parameter "${name}" was left out: it belongs to the connection.`;
      into.issues.push({ upstreamName, kind: "repaired", reason });
      continue;
    }
    const suffix = place.charAt(0).toUpperCase() + place.slice(1);
    const schema = parameterSchema(parameter, into.schemas);
    const reserved = name === "body" && model.body !== undefined ? `body${suffix}` : name;
    const key = input.add(reserved, { schema, required, suffix });
    if (key !== name) {
      const reason = `The ${place} parameter "${name}" is called "${key}", since "${name}" is taken.`;
      into.issues.push({ upstreamName, kind: "renamed", reason });
    }
    parameters.push({
      key,
      name,
      place,
      required,
      style,
      explode,
      ...(allowReserved && { allowReserved }),
      ...(mediaType !== undefined && { mediaType }),
    });
  }
  return parameters;
}

function parameterSchema(parameter: ParameterModel, schemas: SchemaWriter): JsonSchema {
  const written = schemas.write(parameter.schema);
  if (typeof written === "boolean") return written;
  return {
    ...written,
    // A parameter is sent, whatever the schema it shares with an answer says.
    ...(schemas.resolve(parameter.schema)["readOnly"] === true && { readOnly: false }),
    ...(parameter.description !== undefined && { description: parameter.description }),
    ...(parameter.deprecated && { deprecated: true }),
  };
}

function writeBody(
  model: OperationModel,
  contents: readonly ContentModel[],
  { input, schemas }: { readonly input: InputSchema; readonly schemas: SchemaWriter },
): HttpOperation["body"] {
  const required = model.body?.required === true;
  const described = contents.map((content) => describeContent(content, schemas));
  const [only = {}] = described;
  const schema = described.length === 1 ? only : { anyOf: described };
  const description = model.body?.description;
  const documented = isRecord(schema) && description !== undefined ? { ...schema, description } : schema;
  const key = input.add("body", { schema: documented, required, suffix: "Content" });
  const types = contents.map((content) => content.mediaType);
  const contentTypeKey =
    types.length < 2
      ? undefined
      : input.add("contentType", {
          schema: { enum: types, description: `Media type of the body; ${types[0]} unless given.` },
        });
  return {
    key,
    required,
    contents: contents.map(toHttpContent),
    ...(contentTypeKey !== undefined && { contentTypeKey }),
  };
}

function toHttpContent({ mediaType, encoding }: ContentModel): HttpContent {
  return { mediaType, ...(encoding !== undefined && { encoding }) };
}

function descriptionOf({ summary, description, method, path }: OperationModel): string {
  if (summary === undefined) return description ?? `${method} ${path}`;
  if (description === undefined || description === summary) return summary;
  return description.startsWith(summary) ? description : `${summary}\n\n${description}`;
}

function effectOf(method: string): ToolDefinition["effect"] {
  if (["GET", "HEAD", "OPTIONS", "QUERY", "TRACE"].includes(method.toUpperCase())) return "read";
  return method === "DELETE" ? "destructive" : undefined;
}
