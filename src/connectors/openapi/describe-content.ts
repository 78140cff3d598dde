/**
 * The schemas of bodies and answers, by media type: what has no structure that JSON could carry is text or
 * bytes. Bytes are written `{ type: "string", format: "binary" }`, which stands for a Uint8Array.
 */
import { isRecord } from "../../schema/is-record.ts";
import type { JsonSchema } from "../../spec/value.ts";
import { chooseContents } from "./choose-contents.ts";
import { mediaKind } from "./media-kind.ts";
import type { ContentModel, ResponseModel } from "./operation-model.ts";
import { isBytes } from "./schema-keywords.ts";
import type { SchemaWriter } from "./write-schema.ts";

/** The schema of a request body in one media type. */
export function describeContent(content: ContentModel, schemas: SchemaWriter): JsonSchema {
  const { mediaType, schema } = content;
  switch (mediaKind(mediaType)) {
    case "json":
    case "form":
      return schemas.write(schema);
    case "multipart":
      return schemas.write(withFiles(schema, schemas));
    case "text":
      return { type: "string", description: `${mediaType} as text.` };
    default:
      return { type: "string", format: "binary", description: `${mediaType} as bytes (Uint8Array) or text.` };
  }
}

/** A part with bytes may also be given with its file name and media type. */
function withFiles(schema: unknown, schemas: SchemaWriter): unknown {
  const target = schemas.resolve(schema);
  if (!isRecord(target["properties"])) return schema;
  let found = false;
  const properties = Object.entries(target["properties"]).map(([name, raw]) => {
    const property = schemas.resolve(raw);
    const items = property["items"] === undefined ? undefined : schemas.resolve(property["items"]);
    if (isBytes(property)) {
      found = true;
      return [name, fileSchema(property)];
    }
    if (items === undefined || !isBytes(items)) return [name, raw];
    found = true;
    return [name, { ...property, items: fileSchema(items) }];
  });
  return found ? { ...target, properties: Object.fromEntries(properties) } : schema;
}

function fileSchema({ description }: { readonly description?: unknown }): unknown {
  const bytes = { type: "string", format: "binary" };
  return {
    ...(typeof description === "string" && { description }),
    anyOf: [
      bytes,
      {
        type: "object",
        properties: { data: bytes, filename: { type: "string" }, mimeType: { type: "string" } },
        required: ["data"],
        additionalProperties: false,
      },
    ],
  };
}

export interface Output {
  /** Absent where the document says nothing of successful answers. */
  readonly output?: JsonSchema;
  readonly accepts: readonly string[];
}

/** The union of all successful answers, in every media type they come in. */
export function writeOutput(responses: readonly ResponseModel[], schemas: SchemaWriter): Output {
  const successes = successesOf(responses);
  const contents = chooseContents(successes.flatMap((response) => response.contents));
  const branches = contents.map((content) => describeAnswer(content, schemas));
  if (successes.some((response) => response.contents.length === 0 && /^20[45]$/.test(response.status))) {
    branches.push({ type: "null" });
  }
  const accepts = [...new Set(contents.map((content) => content.mediaType))];
  const known = branches.filter((branch) => branch !== undefined);
  if (known.length === 0 || known.length < branches.length) return { accepts };
  const distinct = [...new Map(known.map((branch) => [JSON.stringify(branch), branch])).values()];
  const [only = {}] = distinct;
  return { output: distinct.length === 1 ? only : { anyOf: distinct }, accepts };
}

function successesOf(responses: readonly ResponseModel[]): readonly ResponseModel[] {
  const successes = responses.filter(({ status }) => /^2(?:\d\d|XX)$/.test(status));
  return successes.length > 0 ? successes : responses.filter(({ status }) => status === "DEFAULT");
}

/** `undefined` where JSON is answered and nothing more is known. */
function describeAnswer({ mediaType, schema }: ContentModel, schemas: SchemaWriter): JsonSchema | undefined {
  switch (mediaKind(mediaType)) {
    case "json":
      return schema === undefined ? undefined : schemas.write(schema);
    case "form":
    case "multipart":
    case "text":
      return { type: "string" };
    default:
      return { type: "string", format: "binary" };
  }
}
