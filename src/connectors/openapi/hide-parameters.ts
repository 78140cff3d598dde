/**
 * Takes parameters out of what a snippet sees and may send: those the operator fills in or does without, and
 * those that are the place of an API key, which the host attaches. Some documents describe the secret as a
 * parameter of every operation.
 */
import { isRecord } from "../../schema/is-record.ts";
import type { ToolDefinition } from "../../spec/tool.ts";
import type { JsonSchema } from "../../spec/value.ts";
import type { CompiledDocument, HttpOperation, HttpParameter } from "./compiled-document.ts";

export interface HideOptions {
  /** Names of parameters, and of fields of a body that is described in place. */
  readonly hide: readonly string[];
  /** The host has credentials, so that the places of API keys are its own. */
  readonly authenticates: boolean;
}

export function hideParameters(
  document: CompiledDocument,
  { hide, authenticates }: HideOptions,
): CompiledDocument {
  const keys = Object.values(document.securitySchemes).filter((scheme) => scheme.type === "apiKey");
  const isHidden = ({ name, place }: HttpParameter): boolean =>
    // Without its path parameters an operation has no path.
    place !== "path" &&
    (hide.includes(name) || (authenticates && keys.some((key) => key.name === name && key.place === place)));
  const hiddenKeys = new Map<string, ReadonlySet<string>>();
  const operations = document.operations.map((operation): HttpOperation => {
    const hidden = operation.parameters.filter(isHidden);
    hiddenKeys.set(operation.id, new Set(hidden.map(({ key }) => key)));
    if (hidden.length === 0) return operation;
    return { ...operation, parameters: operation.parameters.filter((one) => !isHidden(one)) };
  });
  const tools = document.listing.tools.map((tool): ToolDefinition => {
    const shown = without(tool.input, hiddenKeys.get(tool.upstreamName) ?? new Set());
    const input = hide.length === 0 ? shown : withBody(shown, new Set(hide));
    return input === tool.input ? tool : { ...tool, input };
  });
  return { ...document, operations, listing: { ...document.listing, tools } };
}

function withBody(input: JsonSchema, hide: ReadonlySet<string>): JsonSchema {
  if (!isRecord(input) || !isRecord(input["properties"])) return input;
  const { body } = input["properties"];
  if (!isRecord(body)) return input;
  const shown = without(body, hide);
  return shown === body ? input : { ...input, properties: { ...input["properties"], body: shown } };
}

/** The schema itself where it has none of these properties. */
function without(schema: JsonSchema, names: ReadonlySet<string>): JsonSchema {
  if (names.size === 0 || !isRecord(schema) || !isRecord(schema["properties"])) return schema;
  const properties = Object.entries(schema["properties"]);
  const shown = properties.filter(([name]) => !names.has(name));
  if (shown.length === properties.length) return schema;
  const { required, ...rest } = schema;
  const still = Array.isArray(required) ? required.filter((name) => !names.has(String(name))) : [];
  return { ...rest, properties: Object.fromEntries(shown), ...(still.length > 0 && { required: still }) };
}
