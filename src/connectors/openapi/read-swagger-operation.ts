/**
 * Reads one operation of a Swagger 2.0 document into the same model: body and form parameters become a
 * body, `consumes` and `produces` its media types, `collectionFormat` a style.
 */
import { isRecord } from "../../schema/is-record.ts";
import { parameterPlaces, type ParameterStyle, type PropertyEncoding } from "./compiled-document.ts";
import type { BodyModel, ContentModel, OperationModel, ParameterModel } from "./operation-model.ts";
import type { JsonRecord } from "./parse-document.ts";
import { addForgottenPathParameters, collectParameters, rawOf, readFace } from "./read-openapi-operation.ts";
import { plainText } from "./plain-text.ts";
import type { OperationPlace } from "./read-operations.ts";
import { readResponses } from "./read-responses.ts";
import { readRequirements } from "./read-security.ts";
import { readSwaggerServers } from "./read-servers.ts";

export function readSwaggerOperation(place: OperationPlace): OperationModel {
  const { operation, root } = place;
  const repairs: string[] = [];
  const raws = collectParameters(place, repairs);
  const consumes = mediaTypes(operation["consumes"] ?? root["consumes"]);
  const produces = mediaTypes(operation["produces"] ?? root["produces"]);
  const parameters = raws
    .map((raw) => readParameter(place, raw, repairs))
    .filter((parameter) => parameter !== undefined);
  addForgottenPathParameters(place.path, parameters, repairs);
  const body = readBody(raws, consumes);
  const security = readRequirements(operation["security"]);
  const schemes = operation["schemes"];
  return {
    ...readFace(place),
    parameters,
    ...(body !== undefined && { body }),
    responses: readResponses(root, operation["responses"], {
      contentsOf: (response) => readContents(response, produces),
      repairs,
    }),
    ...(Array.isArray(schemes) && { servers: readSwaggerServers({ ...root, schemes }) }),
    ...(security !== undefined && { security }),
    repairs,
    raw: rawOf(place),
  };
}

function mediaTypes(raw: unknown): string[] {
  const types = Array.isArray(raw) ? raw.filter((type) => typeof type === "string") : [];
  return types.map((type) => type.trim().toLowerCase());
}

function readParameter(
  place: OperationPlace,
  raw: JsonRecord,
  repairs: string[],
): ParameterModel | undefined {
  const name = String(raw["name"]);
  if (raw["in"] === "body" || raw["in"] === "formData") return undefined;
  const where = parameterPlaces.find((known) => known === raw["in"]);
  if (where === undefined || (where === "path" && !place.path.includes(`{${name}}`))) {
    repairs.push(
      `The parameter "${name}" was left out: it has no place "${String(raw["in"])}" in the request.`,
    );
    return undefined;
  }
  const description = plainText(raw["description"]);
  const { style, explode } = collectionStyle(raw["collectionFormat"], where === "query");
  return {
    name,
    place: where,
    required: where === "path" || raw["required"] === true,
    ...(description !== undefined && { description }),
    deprecated: false,
    schema: schemaOf(raw),
    style,
    explode,
    allowReserved: false,
  };
}

/** https://swagger.io/specification/v2/#parameter-object; `csv` unless said otherwise. */
function collectionStyle(format: unknown, isQuery: boolean): { style: ParameterStyle; explode: boolean } {
  if (format === "multi") return { style: "form", explode: true };
  if (format === "ssv") return { style: "spaceDelimited", explode: false };
  if (format === "tsv") return { style: "tabDelimited", explode: false };
  if (format === "pipes") return { style: "pipeDelimited", explode: false };
  return { style: isQuery ? "form" : "simple", explode: false };
}

/** Outside bodies a parameter is a schema of its own; `file` is bytes. */
function schemaOf(raw: JsonRecord): JsonRecord {
  const { name: _name, in: _in, required: _required, description: _d, collectionFormat: _c, ...schema } = raw;
  return schema["type"] === "file" ? { type: "string", format: "binary" } : schema;
}

function readBody(raws: readonly JsonRecord[], consumes: readonly string[]): BodyModel | undefined {
  const body = raws.find((raw) => raw["in"] === "body");
  if (body !== undefined) {
    const types = consumes.filter((type) => !isForm(type));
    const description = plainText(body["description"]);
    const schema = body["schema"];
    const contents = (types.length === 0 ? ["application/json"] : types).map((mediaType) => ({
      mediaType,
      ...(schema !== undefined && { schema }),
    }));
    return {
      required: body["required"] === true,
      ...(description !== undefined && { description }),
      contents,
    };
  }
  const fields = raws.filter((raw) => raw["in"] === "formData");
  return fields.length === 0 ? undefined : formOf(fields, consumes);
}

function formOf(fields: readonly JsonRecord[], consumes: readonly string[]): BodyModel {
  const hasFile = fields.some((field) => field["type"] === "file");
  const forms = consumes.filter(isForm);
  const fallback = hasFile ? "multipart/form-data" : "application/x-www-form-urlencoded";
  const types = forms.length === 0 ? [fallback] : forms;
  const properties = fields.map((field) => {
    const description = plainText(field["description"]);
    return [String(field["name"]), { ...schemaOf(field), ...(description !== undefined && { description }) }];
  });
  const required = fields.filter((field) => field["required"] === true).map((field) => String(field["name"]));
  const encoding: [string, PropertyEncoding][] = fields
    .filter((field) => field["type"] === "array")
    .map((field) => [String(field["name"]), collectionStyle(field["collectionFormat"], true)]);
  const content: Omit<ContentModel, "mediaType"> = {
    schema: { type: "object", properties: Object.fromEntries(properties), required },
    ...(encoding.length > 0 && { encoding: Object.fromEntries(encoding) }),
  };
  return { required: required.length > 0, contents: types.map((mediaType) => ({ mediaType, ...content })) };
}

function isForm(type: string): boolean {
  return type.startsWith("multipart/form-data") || type.startsWith("application/x-www-form-urlencoded");
}

/** What a response holds, in each of the types that the operation produces. */
function readContents({ schema }: JsonRecord, produces: readonly string[]): ContentModel[] {
  const isFile = isRecord(schema) && schema["type"] === "file";
  const types = produces.length > 0 ? produces : [isFile ? "application/octet-stream" : "application/json"];
  return schema === undefined ? [] : types.map((mediaType) => ({ mediaType, schema }));
}
