/**
 * Reads one operation of an OpenAPI 3.0, 3.1 or 3.2 document. What cannot be read is left out with its
 * reason, unless the operation would not work without it.
 */
import { isRecord } from "../../schema/is-record.ts";
import {
  parameterPlaces,
  parameterStyles,
  type ParameterPlace,
  type ParameterStyle,
  type PropertyEncoding,
} from "./compiled-document.ts";
import { follow } from "./document-refs.ts";
import type { BodyModel, ContentModel, OperationModel, ParameterModel } from "./operation-model.ts";
import type { JsonRecord } from "./parse-document.ts";
import { plainText } from "./plain-text.ts";
import type { OperationPlace } from "./read-operations.ts";
import { readResponses } from "./read-responses.ts";
import { readRequirements } from "./read-security.ts";
import { readServers } from "./read-servers.ts";

/** Throws a plain `Error` with the reason when the operation cannot work. */
export function readOpenApiOperation(place: OperationPlace): OperationModel {
  const { operation, pathItem, root } = place;
  const repairs: string[] = [];
  const parameters = readParameters(place, repairs);
  const body = readBody(root, operation["requestBody"]);
  const servers = readServers(operation["servers"] ?? pathItem["servers"]);
  const security = readRequirements(operation["security"]);
  return {
    ...readFace(place),
    parameters,
    ...(body !== undefined && { body }),
    responses: readResponses(root, operation["responses"], {
      contentsOf: (response) => readContents(root, response["content"]),
      repairs,
    }),
    ...(servers !== undefined && { servers }),
    ...(security !== undefined && { security }),
    repairs,
    raw: rawOf(place),
  };
}

/** What both generations write alike. */
export function readFace(
  place: OperationPlace,
): Pick<
  OperationModel,
  "operationId" | "method" | "path" | "tags" | "summary" | "description" | "deprecated"
> {
  const { operation, method, path } = place;
  const operationId = textOf(operation["operationId"]);
  const summary = plainText(operation["summary"]);
  const description = plainText(operation["description"]);
  const tags = Array.isArray(operation["tags"])
    ? operation["tags"].filter((tag) => typeof tag === "string")
    : [];
  return {
    ...(operationId !== undefined && { operationId }),
    method,
    path,
    tags,
    ...(summary !== undefined && { summary }),
    ...(description !== undefined && { description }),
    deprecated: operation["deprecated"] === true,
  };
}

export function rawOf({ operation, pathItem, method, path }: OperationPlace): JsonRecord {
  const shared = pathItem["parameters"];
  return { method, path, operation, ...(shared !== undefined && { parameters: shared }) };
}

/** Non-empty text, or nothing. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}

/**
 * The raw parameters that apply to an operation, resolved; its own come instead of its path item's where
 * name and place are the same. Throws when one that the path needs is missing.
 */
export function collectParameters(place: OperationPlace, repairs: string[]): JsonRecord[] {
  const byName = new Map<string, JsonRecord>();
  for (const list of [place.pathItem["parameters"], place.operation["parameters"]]) {
    if (list === undefined) continue;
    if (!Array.isArray(list)) {
      repairs.push("Its parameters are no list and were ignored.");
      continue;
    }
    for (const entry of list) {
      const followed = follow(place.root, entry);
      if ("problem" in followed) {
        repairs.push(`A parameter was left out: ${followed.problem}.`);
        continue;
      }
      const { name, in: where } = followed.value;
      if (typeof name !== "string" || typeof where !== "string") {
        repairs.push("A parameter without a name or a place was left out.");
        continue;
      }
      byName.set(`${where} ${name}`, followed.value);
    }
  }
  return [...byName.values()];
}

/** Path parameters that the document forgot to describe are text. */
export function addForgottenPathParameters(
  path: string,
  parameters: ParameterModel[],
  repairs: string[],
): void {
  for (const [, name] of path.matchAll(/\{([^{}]+)\}/g)) {
    if (name === undefined || parameters.some((one) => one.place === "path" && one.name === name)) continue;
    repairs.push(`The path parameter "${name}" is not described; it is taken as text.`);
    parameters.push({
      name,
      place: "path",
      required: true,
      deprecated: false,
      schema: { type: "string" },
      style: "simple",
      explode: false,
      allowReserved: false,
    });
  }
}

function readParameters(place: OperationPlace, repairs: string[]): ParameterModel[] {
  const parameters: ParameterModel[] = [];
  for (const raw of collectParameters(place, repairs)) {
    const parameter = readParameter(place, raw, repairs);
    if (parameter !== undefined) parameters.push(parameter);
  }
  addForgottenPathParameters(place.path, parameters, repairs);
  return parameters;
}

function readParameter(
  place: OperationPlace,
  raw: JsonRecord,
  repairs: string[],
): ParameterModel | undefined {
  const name = String(raw["name"]);
  const where = parameterPlaces.find((known) => known === raw["in"]);
  if (where === undefined) {
    repairs.push(`The parameter "${name}" was left out: its place "${String(raw["in"])}" is unknown.`);
    return undefined;
  }
  if (where === "path" && !place.path.includes(`{${name}}`)) {
    repairs.push(`The path parameter "${name}" was left out: the path has no {${name}}.`);
    return undefined;
  }
  const style = parameterStyles.find((known) => known === raw["style"]) ?? defaultStyles[where];
  const content = isRecord(raw["content"]) ? Object.entries(raw["content"])[0] : undefined;
  const media = content === undefined ? undefined : follow(place.root, content[1]);
  const description = plainText(raw["description"]);
  return {
    name,
    place: where,
    required: where === "path" || raw["required"] === true,
    ...(description !== undefined && { description }),
    deprecated: raw["deprecated"] === true,
    schema: media !== undefined && "value" in media ? media.value["schema"] : raw["schema"],
    style,
    explode:
      typeof raw["explode"] === "boolean" ? raw["explode"] : style === "form" || style === "deepObject",
    // GitHub's own mark for a path parameter that may span segments.
    allowReserved: raw["allowReserved"] === true || raw["x-multi-segment"] === true,
    ...(content !== undefined && { mediaType: content[0] }),
  };
}

const defaultStyles: { readonly [place in ParameterPlace]: ParameterStyle } = {
  path: "simple",
  query: "form",
  header: "simple",
  cookie: "form",
};

function readBody(root: JsonRecord, raw: unknown): BodyModel | undefined {
  if (raw === undefined || raw === null) return undefined;
  const followed = follow(root, raw);
  if ("problem" in followed) throw new Error(`Its request body cannot be read: ${followed.problem}.`);
  const contents = readContents(root, followed.value["content"]);
  if (contents.length === 0) return undefined;
  const description = plainText(followed.value["description"]);
  return {
    required: followed.value["required"] === true,
    ...(description !== undefined && { description }),
    contents,
  };
}

function readContents(root: JsonRecord, raw: unknown): ContentModel[] {
  if (!isRecord(raw)) return [];
  const contents: ContentModel[] = [];
  for (const [mediaType, entry] of Object.entries(raw)) {
    const followed = follow(root, entry);
    const media = "value" in followed ? followed.value : {};
    const encoding = readEncoding(root, media["encoding"]);
    contents.push({
      mediaType: mediaType.trim().toLowerCase(),
      ...(media["schema"] !== undefined && { schema: media["schema"] }),
      ...(encoding !== undefined && { encoding }),
    });
  }
  return contents;
}

function readEncoding(root: JsonRecord, raw: unknown): ContentModel["encoding"] {
  if (!isRecord(raw)) return undefined;
  const encodings: [string, PropertyEncoding][] = [];
  for (const [property, entry] of Object.entries(raw)) {
    const followed = follow(root, entry);
    if ("problem" in followed) continue;
    const { contentType, style, explode, allowReserved } = followed.value;
    const known = parameterStyles.find((name) => name === style);
    encodings.push([
      property,
      {
        ...(typeof contentType === "string" && { contentType }),
        ...(known !== undefined && { style: known }),
        ...(typeof explode === "boolean" && { explode }),
        ...(allowReserved === true && { allowReserved }),
      },
    ]);
  }
  return encodings.length === 0 ? undefined : Object.fromEntries(encodings);
}
