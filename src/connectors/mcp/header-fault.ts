/**
 * What is wrong with the parameters that a tool wants as HTTP headers (`x-mcp-header`, revision 2026-07-28): a client
 * must not offer a tool whose names could forge or hide a header.
 */
import { isRecord } from "../../schema/is-record.ts";

const keyword = "x-mcp-header";
/** RFC 9110, section 5.6.2. */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const primitives = new Set(["string", "integer", "boolean"]);
const mostLevels = 50;

/** A reason, or `undefined` for a schema that names none or only sound ones. */
export function headerFault(input: unknown): string | undefined {
  return faultBelow(input, new Set(), 0);
}

function faultBelow(schema: unknown, names: Set<string>, level: number): string | undefined {
  if (!isRecord(schema) || !isRecord(schema["properties"]) || level > mostLevels) return undefined;
  for (const property of Object.values(schema["properties"])) {
    const fault = faultOf(property, names) ?? faultBelow(property, names, level + 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function faultOf(property: unknown, names: Set<string>): string | undefined {
  if (!isRecord(property) || !Object.hasOwn(property, keyword)) return undefined;
  const name = property[keyword];
  if (typeof name !== "string" || !token.test(name)) return `its ${keyword} is no header name`;
  if (typeof property["type"] !== "string" || !primitives.has(property["type"]))
    return `its ${keyword} "${name.slice(0, 100)}" stands at no string, integer or boolean`;
  if (names.has(name.toLowerCase())) return `its ${keyword} "${name.slice(0, 100)}" stands twice`;
  names.add(name.toLowerCase());
  return undefined;
}
