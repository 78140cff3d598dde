/**
 * The catalog as one JSON Schema (2020-12): every tool by its path, with what it takes and what it answers.
 */
import type { GeneratedFiles, OutputOptions } from "./output.ts";
import { createSchemaPlacer } from "./schema-placer.ts";

export function schemaFiles({ catalog, name }: OutputOptions): GeneratedFiles {
  const placer = createSchemaPlacer("#/$defs");
  const tools: [string, object][] = [];
  for (const source of catalog.sources) {
    for (const tool of source.tools) {
      const answer = tool.output ?? tool.observed;
      tools.push([
        tool.path,
        {
          ...(tool.title === undefined ? {} : { title: tool.title }),
          description: tool.description,
          ...(tool.deprecated ? { deprecated: true } : {}),
          type: "object",
          properties: {
            args: placer.place(tool.input, `${tool.path}.args`, source),
            result: answer === undefined ? true : placer.place(answer, `${tool.path}.result`, source),
          },
          "x-codemode-effect": tool.effect,
          "x-codemode-upstream-name": tool.upstreamName,
        },
      ]);
    }
  }
  const document = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: name,
    description:
      "Tools by path. A call's arguments are checked against properties/<path>/properties/args, its answer fits properties/<path>/properties/result.",
    type: "object",
    properties: Object.fromEntries(tools),
    additionalProperties: false,
    $defs: placer.schemas(),
  };
  return new Map([["catalog.schema.json", `${JSON.stringify(document, undefined, 2)}\n`]]);
}
