/**
 * Rewrites a schema of an API description (any draft, OpenAPI 3.0 or Swagger 2.0 dialect) as JSON Schema
 * 2020-12 with every `$ref` turned into `#/$defs/<name>`. Collects what is referred to, and only that.
 * What is malformed is left out, since half a schema serves better than none.
 */
import { isRecord } from "../../schema/is-record.ts";
import type { JsonSchema } from "../../spec/value.ts";
import { createDefinitionNames } from "./definition-names.ts";
import { atPointer, follow, refProblem } from "./document-refs.ts";
import type { JsonRecord } from "./parse-document.ts";
import {
  annotationsOf,
  applyNullable,
  isNullable,
  keywordKinds,
  writeDialect,
  writePlain,
  type KeywordKind,
  type WrittenSchema,
} from "./schema-keywords.ts";

export interface SchemaWriter {
  write(schema: unknown): JsonSchema;
  /** The document's own schema behind any references; an empty one where there is none. */
  resolve(schema: unknown): JsonRecord;
  /** Everything referred to so far, and what that refers to in turn. Call once, at the end. */
  definitions(): Map<string, WrittenSchema>;
  /** What was wrong, by the reference or place that was. */
  readonly problems: ReadonlyMap<string, string>;
}

/** Levels of a schema without references; no person writes that many. */
const maxDepth = 64;
/** Schemas in one document, references counted once. */
const maxSchemas = 2_000_000;

export function createSchemaWriter(root: JsonRecord): SchemaWriter {
  const nameOf = createDefinitionNames(root);
  const definitions = new Map<string, WrittenSchema>();
  const pending: { readonly name: string; readonly ref: string }[] = [];
  const queued = new Set<string>();
  const problems = new Map<string, string>();
  // Before OpenAPI 3.1 keywords beside a reference had no meaning, so they may contradict it.
  const siblingsCount = !("swagger" in root) && !String(root["openapi"]).startsWith("3.0");
  let written = 0;

  function write(schema: unknown, depth: number): JsonSchema {
    if (typeof schema === "boolean") return schema;
    if (!isRecord(schema)) return {};
    written += 1;
    if (depth > maxDepth || written > maxSchemas) {
      problems.set(
        "#",
        depth > maxDepth
          ? `A schema is nested deeper than ${maxDepth} levels.`
          : `The document has more than ${maxSchemas} schemas.`,
      );
      return {};
    }
    const result = writeKeywords(schema, depth);
    if (typeof schema["$ref"] === "string") return withRef(schema, result, schema["$ref"]);
    applyNullable(schema, result);
    return result;
  }

  function writeKeywords(schema: JsonRecord, depth: number): WrittenSchema {
    const result: WrittenSchema = {};
    for (const [keyword, value] of Object.entries(schema)) {
      const kind = keywordKinds.get(keyword);
      if (kind === undefined || value === undefined) continue;
      const rewritten = kind === "plain" ? writePlain(keyword, value) : writeNested(kind, value, depth + 1);
      if (rewritten !== undefined) result[keyword] = rewritten;
    }
    writeDialect(schema, result);
    // Whoever lists properties means an object; JSON Schema alone would take any other value too.
    if (isRecord(result["properties"]) && result["type"] === undefined && typeof schema["$ref"] !== "string")
      result["type"] = "object";
    if (isRecord(schema["discriminator"]))
      result["discriminator"] = writeDiscriminator(schema["discriminator"]);
    return result;
  }

  function writeNested(kind: Exclude<KeywordKind, "plain">, value: unknown, depth: number): unknown {
    if (kind === "list") return Array.isArray(value) ? value.map((item) => write(item, depth)) : undefined;
    if (kind === "schema") {
      // A tuple of the older drafts.
      if (Array.isArray(value)) return value.map((item) => write(item, depth));
      return isRecord(value) || typeof value === "boolean" ? write(value, depth) : undefined;
    }
    if (!isRecord(value)) return undefined;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, write(member, depth)]));
  }

  function withRef(schema: JsonRecord, written: WrittenSchema, ref: string): JsonSchema {
    const beside = siblingsCount ? written : annotationsOf(written);
    const name = reference(ref);
    if (name === undefined) return beside;
    const target = { $ref: `#/$defs/${name}` };
    return isNullable(schema) ? { ...beside, anyOf: [target, { type: "null" }] } : { ...beside, ...target };
  }

  function reference(ref: string): string | undefined {
    const problem = refProblem(root, ref);
    if (problem !== undefined) {
      problems.set(ref, `The reference ${problem}; anything is allowed there.`);
      return undefined;
    }
    const name = nameOf(ref);
    if (!queued.has(name)) {
      queued.add(name);
      pending.push({ name, ref });
    }
    return name;
  }

  function writeDiscriminator(raw: JsonRecord): unknown {
    const { propertyName, mapping } = raw;
    if (typeof propertyName !== "string") return undefined;
    if (!isRecord(mapping)) return { propertyName };
    const targets = Object.entries(mapping).flatMap(([value, target]) => {
      if (typeof target !== "string") return [];
      const ref = target.startsWith("#") ? target : `#/components/schemas/${target}`;
      const name = refProblem(root, ref) === undefined ? reference(ref) : undefined;
      return name === undefined ? [] : [[value, `#/$defs/${name}`]];
    });
    return { propertyName, mapping: Object.fromEntries(targets) };
  }

  return {
    problems,
    write: (schema) => write(schema, 0),
    resolve(schema) {
      const followed = follow(root, schema);
      return "value" in followed ? followed.value : {};
    },
    definitions() {
      for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
        const target = write(atPointer(root, next.ref), 0);
        definitions.set(next.name, typeof target === "object" ? { ...target } : target ? {} : { not: {} });
      }
      return definitions;
    },
  };
}
