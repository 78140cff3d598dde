/**
 * What in a tool's input schema cannot be enforced, for the operator to see: a schema is a stranger's text,
 * and what is not understood is passed over when arguments are validated, not refused.
 */
import { isRecord } from "./is-record.ts";
import { compilePattern } from "./linear-pattern.ts";
import type { ToolInput } from "./list-parameters.ts";
import { isSchema, resolveRef, type SchemaScope } from "./resolve-ref.ts";
import { cut } from "./validation-problem.ts";

const maxIssues = 20;
const maxSchemas = 20_000;
const holders = [
  "additionalProperties",
  "additionalItems",
  "items",
  "contains",
  "not",
  "if",
  "then",
  "else",
  "propertyNames",
  "unevaluatedItems",
  "unevaluatedProperties",
];
const lists = ["allOf", "anyOf", "oneOf", "prefixItems", "items"];
const maps = ["properties", "patternProperties", "dependentSchemas", "dependencies"];

/** One sentence each, at most 20. Follows only what the input reaches, each definition once. */
export function findSchemaIssues(tool: ToolInput): readonly string[] {
  const issues = new Set<string>();
  const seen = new Set<unknown>();
  const waiting: { readonly schema: unknown; readonly scope: SchemaScope }[] = [
    { schema: tool.input, scope: { root: tool.input, definitions: tool.definitions } },
  ];
  for (
    let next = waiting.pop();
    next !== undefined && seen.size < maxSchemas && issues.size < maxIssues;
    next = waiting.pop()
  ) {
    const { schema, scope } = next;
    if (!isRecord(schema) || seen.has(schema)) continue;
    seen.add(schema);
    for (const issue of issuesOf(schema)) issues.add(issue);
    for (const keyword of ["$ref", "$dynamicRef", "$recursiveRef"]) {
      const ref = schema[keyword];
      if (typeof ref !== "string") continue;
      const target = resolveRef(ref, scope);
      if (target === undefined)
        issues.add(`The reference ${cut(ref, 80)} leads nowhere: what stands there is not checked.`);
      else waiting.push({ schema: target.schema, scope: target.scope });
    }
    for (const inner of innerSchemas(schema)) waiting.push({ schema: inner, scope });
  }
  return [...issues];
}

function issuesOf(schema: { readonly [keyword: string]: unknown }): string[] {
  const named = isRecord(schema["patternProperties"]) ? Object.keys(schema["patternProperties"]) : [];
  const patterns = typeof schema["pattern"] === "string" ? [schema["pattern"], ...named] : named;
  return patterns
    .filter((pattern) => compilePattern(pattern) === undefined)
    .map(
      (pattern) =>
        `The pattern ${cut(pattern, 80)} is not a regular expression that runs in linear time: it is not enforced.`,
    );
}

function innerSchemas(schema: { readonly [keyword: string]: unknown }): unknown[] {
  const inner: unknown[] = holders.map((keyword) => schema[keyword]);
  for (const keyword of lists)
    if (Array.isArray(schema[keyword])) inner.push(...(schema[keyword] as unknown[]));
  for (const keyword of maps) if (isRecord(schema[keyword])) inner.push(...Object.values(schema[keyword]));
  return inner.filter(isSchema);
}
