/**
 * Puts the schemas of many tools and the definitions they share into one document, each under a name of its
 * own, and turns every reference so that it leads there. What leads nowhere is left out: anything is allowed.
 */
import { isRecord } from "../schema/is-record.ts";
import { isSchema, resolveRef, sharedName } from "../schema/resolve-ref.ts";
import type { CatalogSource } from "../spec/tool.ts";
import type { JsonSchema } from "../spec/value.ts";

export interface SchemaPlacer {
  /** Puts a schema of a source under a name like the one wished for, and answers with a reference to it. */
  place(schema: JsonSchema, wish: string, source: CatalogSource): { readonly $ref: string };
  /** All that was placed, with what it refers to in turn. */
  schemas(): { readonly [name: string]: JsonSchema };
}

/** Levels of one schema; what is nested deeper is allowed to be anything. */
const maxDepth = 200;

/** `base` is where the document keeps them: `#/$defs` or `#/components/schemas`. */
export function createSchemaPlacer(base: string): SchemaPlacer {
  const placed = new Map<string, JsonSchema>();
  const shared = new Map<CatalogSource, Map<string, string>>();

  function put(schema: JsonSchema, wish: string, source: CatalogSource): string {
    const pointer = `${base}/${takeName(wish)}`;
    write(schema, pointer, source);
    return pointer;
  }

  function write(schema: JsonSchema, pointer: string, source: CatalogSource): void {
    const name = pointer.slice(base.length + 1);
    // Holds the name while what the schema refers to is placed.
    placed.set(name, true);
    placed.set(name, rewrite(schema, { root: schema, pointer, source }, 0));
  }

  function takeName(wish: string): string {
    const safe = wish.replaceAll(/[^A-Za-z0-9._-]/g, "_");
    let name = safe;
    for (let count = 2; placed.has(name); count += 1) name = `${safe}_${count}`;
    return name;
  }

  function definition(name: string, source: CatalogSource): string {
    const known = shared.get(source) ?? new Map<string, string>();
    shared.set(source, known);
    const given = known.get(name);
    if (given !== undefined) return given;
    const pointer = `${base}/${takeName(`${source.name}.${name}`)}`;
    known.set(name, pointer);
    write(source.definitions[name] ?? true, pointer, source);
    return pointer;
  }

  function rewrite(schema: JsonSchema, within: Within, depth: number): JsonSchema {
    if (typeof schema === "boolean") return schema;
    if (depth > maxDepth) return true;
    const entries: [string, unknown][] = [];
    for (const [keyword, value] of Object.entries(schema)) {
      const kind = keywordKinds.get(keyword);
      if (kind === "dropped") continue;
      if (kind === "ref") {
        const target = typeof value === "string" ? toTarget(value, within) : undefined;
        if (target !== undefined) entries.push(["$ref", target]);
      } else entries.push([keyword, kind === undefined ? value : nested(kind, value, { within, depth })]);
    }
    return Object.fromEntries(entries);
  }

  function nested(
    kind: "one" | "many" | "discriminator",
    value: unknown,
    { within, depth }: { readonly within: Within; readonly depth: number },
  ): unknown {
    const inner = (each: unknown): unknown => (isSchema(each) ? rewrite(each, within, depth + 1) : each);
    if (Array.isArray(value)) return value.map(inner);
    if (kind === "one" || !isRecord(value)) return inner(value);
    if (kind === "many")
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, inner(each)]));
    const { mapping } = value;
    if (!isRecord(mapping)) return value;
    const targets = Object.entries(mapping).flatMap(([key, ref]) => {
      const target = typeof ref === "string" ? toTarget(ref, within) : undefined;
      return target === undefined ? [] : [[key, target]];
    });
    return { ...value, mapping: Object.fromEntries(targets) };
  }

  function toTarget(ref: string, { root, pointer, source }: Within): string | undefined {
    const found = resolveRef(ref, { root, definitions: source.definitions });
    if (found === undefined) return undefined;
    if (found.definition !== undefined) return definition(sharedName(ref) ?? found.definition, source);
    if (ref === "#" || ref.startsWith("#/")) return `${pointer}${ref.slice(1)}`;
    return anchorPointer(root, found.schema, pointer);
  }

  return {
    place: (schema, wish, source) => ({ $ref: put(schema, wish, source) }),
    schemas: () => Object.fromEntries(placed),
  };
}

interface Within {
  /** The schema as it was, in which its own references are to be read. */
  readonly root: JsonSchema;
  /** Where it stands now. */
  readonly pointer: string;
  readonly source: CatalogSource;
}

/** An anchor names a definition; the pointer to it serves as well. */
function anchorPointer(root: JsonSchema, target: JsonSchema, pointer: string): string | undefined {
  if (typeof root === "boolean") return undefined;
  for (const keyword of ["$defs", "definitions"]) {
    const holder = root[keyword];
    if (!isRecord(holder)) continue;
    const key = Object.keys(holder).find((each) => holder[each] === target);
    if (key !== undefined)
      return `${pointer}/${keyword}/${encodeURIComponent(key.replaceAll("~", "~0").replaceAll("/", "~1"))}`;
  }
  return undefined;
}

/** What stands under a keyword: schemas, references, or what is of no use in another document. */
const keywordKinds: ReadonlyMap<string, "one" | "many" | "discriminator" | "ref" | "dropped"> = new Map([
  ...(
    "additionalItems additionalProperties allOf anyOf contains contentSchema else if items not oneOf prefixItems " +
    "propertyNames then unevaluatedItems unevaluatedProperties"
  )
    .split(" ")
    .map((keyword) => [keyword, "one"] as const),
  ...["$defs", "definitions", "dependentSchemas", "patternProperties", "properties"].map(
    (keyword) => [keyword, "many"] as const,
  ),
  ["discriminator", "discriminator"],
  ...["$ref", "$dynamicRef", "$recursiveRef"].map((keyword) => [keyword, "ref"] as const),
  ...["$schema", "$id", "id", "$anchor", "$dynamicAnchor", "$recursiveAnchor", "$vocabulary"].map(
    (keyword) => [keyword, "dropped"] as const,
  ),
]);
