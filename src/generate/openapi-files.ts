/**
 * The catalog as an OpenAPI 3.1 document: one `POST` for each tool, as `codemode serve` answers them below
 * `/tools`.
 */
import { isRecord } from "../schema/is-record.ts";
import type { Tool } from "../spec/tool.ts";
import type { GeneratedFiles, OutputOptions } from "./output.ts";
import { createSchemaPlacer } from "./schema-placer.ts";

export function openapiFiles({ catalog, name }: OutputOptions): GeneratedFiles {
  const placer = createSchemaPlacer("#/components/schemas");
  const paths: [string, object][] = [];
  for (const source of catalog.sources) {
    for (const tool of source.tools) {
      const answer = tool.output ?? tool.observed;
      const schema = answer === undefined ? {} : placer.place(answer, `${tool.path}.result`, source);
      const operation = {
        operationId: tool.path,
        tags: [source.name],
        ...(tool.title === undefined ? {} : { summary: tool.title }),
        description: tool.description,
        ...(tool.deprecated ? { deprecated: true } : {}),
        "x-codemode-effect": tool.effect,
        requestBody: {
          required: needsArguments(tool),
          content: { "application/json": { schema: placer.place(tool.input, `${tool.path}.args`, source) } },
        },
        responses: {
          "200": { description: "What the tool answered.", content: { "application/json": { schema } } },
          default: { $ref: "#/components/responses/Failure" },
        },
      };
      paths.push([`/tools/${tool.path.split(".").map(encodeURIComponent).join("/")}`, { post: operation }]);
    }
  }
  const document = {
    openapi: "3.1.1",
    info: { title: name, version: catalog.version },
    servers: [{ url: "http://127.0.0.1:4000" }],
    tags: catalog.sources.map((source) => ({
      name: source.name,
      ...(source.title === undefined ? {} : { description: source.title }),
    })),
    paths: Object.fromEntries(paths),
    components: {
      schemas: placer.schemas(),
      responses: { Failure: failure },
      securitySchemes: { token: { type: "http", scheme: "bearer" } },
    },
    security: [{}, { token: [] }],
  };
  return new Map([["openapi.json", `${JSON.stringify(document, undefined, 2)}\n`]]);
}

const failure = {
  description: "Why there is no answer. The status is 409 for a run that waits for a person.",
  content: {
    "application/json": {
      schema: {
        type: "object",
        properties: {
          runId: { type: "string" },
          error: {
            type: "object",
            properties: {
              code: { type: "string" },
              message: { type: "string" },
              hint: { type: "string" },
            },
            required: ["code", "message"],
          },
        },
        required: ["error"],
      },
    },
  },
};

function needsArguments({ input }: Tool): boolean {
  return isRecord(input) && Array.isArray(input["required"]) && input["required"].length > 0;
}
