/**
 * The published JSON Schema of `codemode.json`: generated, so that it can never say anything else than the
 * program does.
 */
import * as z from "zod";
import { configSchema } from "./config-schema.ts";

export function configToJsonSchema(): { readonly [keyword: string]: unknown } {
  const { $schema, ...schema } = z.toJSONSchema(configSchema, { io: "input", target: "draft-7" });
  return {
    $schema,
    title: "codemode.json",
    description:
      "Configuration of Codemode: which tools there are, what they may do, and how they are served.",
    ...schema,
    allowComments: true,
    allowTrailingCommas: true,
    anyOf: [{ required: ["mcpServers"] }, { required: ["openapi"] }, { required: ["utcp"] }],
  };
}
