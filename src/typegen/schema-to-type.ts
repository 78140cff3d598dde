/**
 * Turns JSON Schemas of strangers, of any draft, into types of the model. Recursion, shared definitions and
 * what is nested too deep become slots whose types are made when asked for, so neither a loop nor depth can
 * exhaust the stack. The keywords themselves are read in `own-type` and `compound-to-type`.
 */
import { isRecord } from "../schema/is-record.ts";
import type { JsonSchema } from "../spec/value.ts";
import { commentType, intersectTypes, uniteTypes } from "./combine-types.ts";
import { compoundTypes } from "./compound-to-type.ts";
import { ownType } from "./own-type.ts";
import { recursionKey } from "./recursion-key.ts";
import { typeNotes, useNotes } from "./schema-notes.ts";
import type { Direction, SchemaConversion, SchemaObject, SchemaPlace } from "./schema-place.ts";
import { directionalDefinitions, followRef } from "./schema-refs.ts";
import { createTypeSlots } from "./type-slots.ts";
import { createTypeTable, nameRanks, type TypeId, type TypeTable } from "./type-table.ts";

export interface TypeBuilder {
  readonly table: TypeTable;
  /** The type of a tool's input or output; `name` is what a type made of it might be called. */
  build(schema: JsonSchema, direction: Direction, name: string): TypeId;
  /** The type behind a shared definition; `undefined` when there is none of that name. */
  definition(name: string, direction: Direction): TypeId | undefined;
  /** What a slot stands for; made when first asked for. */
  bodyOf(slot: number): TypeId;
  /** Whether a slot stands for one of the source's shared definitions. */
  isDefinition(slot: number): boolean;
}

/** Levels of schema that are read in one go. */
const maxDepth = 32;

export function createTypeBuilder(definitions: { readonly [name: string]: JsonSchema }): TypeBuilder {
  const table = createTypeTable();
  const slots = createTypeSlots(table);
  const memos = { input: createMemos(), output: createMemos() };
  /** Schemas being read, and the slot that stands for one which contains itself. */
  let reading = new Map<object, number | undefined>();
  let directional: ReadonlySet<string> | undefined;
  let unique = 0;

  const convert = (schema: unknown, outer: SchemaPlace): TypeId => {
    if (schema === false) return table.word("never");
    if (!isRecord(schema)) return table.word("any");
    const place = { ...outer, depth: outer.depth + 1 };
    const memo = memos[place.direction](place.scope.root);
    const known = memo.get(schema);
    if (known !== undefined) return known;
    if (reading.has(schema)) return recursive(schema, place);
    if (place.depth > maxDepth) return deep(schema, place);
    reading.set(schema, undefined);
    const type = describe(schema, place);
    const slot = reading.get(schema);
    reading.delete(schema);
    if (slot !== undefined) slots.fill(slot, type);
    const settled = slot === undefined ? type : slots.typeOf(slot);
    memo.set(schema, settled);
    return settled;
  };

  const conversion: SchemaConversion = { table, convert };

  const recursive = (schema: SchemaObject, { scope, direction, name }: SchemaPlace): TypeId => {
    let slot = reading.get(schema);
    if (slot === undefined) {
      const key = recursionKey(schema, scope) ?? `unique ${(unique += 1)}`;
      const rank = nameRanks.property;
      slot = slots.take(`recursive ${direction} ${key}`, () => ({
        name,
        rank,
        make: () => table.word("any"),
      }));
      reading.set(schema, slot);
    }
    return slots.typeOf(slot);
  };

  const deep = (schema: SchemaObject, place: SchemaPlace): TypeId => {
    const memo = memos[place.direction](place.scope.root);
    const make = (): TypeId => {
      memo.delete(schema);
      return start(() => convert(schema, { ...place, depth: 0, isWhole: false }));
    };
    const slot = slots.take(`deep ${(unique += 1)}`, () => ({
      name: place.name,
      rank: nameRanks.property,
      make,
    }));
    memo.set(schema, slots.typeOf(slot));
    return slots.typeOf(slot);
  };

  const definition = (name: string, direction: Direction): TypeId | undefined => {
    const root = Object.hasOwn(definitions, name) ? definitions[name] : undefined;
    if (root === undefined) return undefined;
    directional ??= directionalDefinitions(definitions);
    const isInput = direction === "input" && directional.has(name);
    const place = wholeOf(root, isInput ? "input" : "output", name);
    const make = (): TypeId => start(() => convert(root, { ...place, isWhole: false }));
    const slot = slots.take(`definition ${isInput ? "input" : ""} ${name}`, () => ({
      name: isInput ? `${name}Input` : name,
      rank: nameRanks.definition,
      isDefinition: true,
      make,
    }));
    return slots.typeOf(slot);
  };

  const wholeOf = (root: JsonSchema, direction: Direction, name: string): SchemaPlace => ({
    scope: { root, definitions },
    direction,
    depth: 0,
    name,
    around: [],
    isWhole: true,
  });

  const referenced = (ref: string, place: SchemaPlace): TypeId => {
    const target = followRef(ref, place.scope);
    if (target === undefined) {
      const notes = `unresolved ${ref.slice(0, 120)}`;
      return commentType(table, { description: "", notes, deprecated: false }, table.word("any"));
    }
    if (target.definition !== undefined)
      return definition(target.definition, place.direction) ?? table.word("any");
    const name = refName(ref);
    const inner = { ...place, scope: target.scope, name: name === "" ? place.name : name, around: [] };
    const type = convert(target.schema, inner);
    if (name !== "") table.suggest(type, name, nameRanks.definition);
    return type;
  };

  const describe = (schema: SchemaObject, place: SchemaPlace): TypeId => {
    const notes = typeNotes(schema);
    const own = commentType(
      table,
      { description: "", notes, deprecated: false },
      ownType(conversion, schema, place),
    );
    const parts = [own, ...compoundTypes(conversion, schema, place)];
    const ref = schema["$ref"] ?? schema["$dynamicRef"] ?? schema["$recursiveRef"];
    if (typeof ref === "string") parts.unshift(referenced(ref, place));
    let type = intersectTypes(table, parts);
    const isNullable = schema["nullable"] === true || schema["x-nullable"] === true;
    if (isNullable) type = uniteTypes(table, [type, table.word("null")]);
    table.suggest(type, place.name, nameRanks.property);
    const { title, description } = schema;
    if (typeof title === "string") table.suggest(type, title, nameRanks.title);
    const comment = {
      description: typeof description === "string" ? description.trim() : "",
      notes: useNotes(schema),
      deprecated: schema["deprecated"] === true || schema["x-deprecated"] === true,
    };
    const commented = commentType(table, comment, type);
    table.suggest(commented, place.name, nameRanks.property);
    return commented;
  };

  /** Reads a schema of its own, whatever is being read at the moment. */
  const start = (make: () => TypeId): TypeId => {
    const outer = reading;
    reading = new Map();
    try {
      return make();
    } finally {
      reading = outer;
    }
  };

  return {
    table,
    build: (root, direction, name) => start(() => convert(root, wholeOf(root, direction, name))),
    definition,
    bodyOf: (slot) => slots.bodyOf(slot),
    isDefinition: (slot) => slots.isDefinition(slot),
  };
}

/** Types already made, by the document a schema stands in. */
function createMemos(): (root: JsonSchema) => WeakMap<object, TypeId> {
  const memos = new WeakMap<object, WeakMap<object, TypeId>>();
  return (root) => {
    if (typeof root === "boolean") return new WeakMap();
    const memo = memos.get(root) ?? new WeakMap<object, TypeId>();
    memos.set(root, memo);
    return memo;
  };
}

/** The last part of a pointer into definitions; names a generator made up are worth less than the property's. */
function refName(ref: string): string {
  const name = /\/(?:\$defs|definitions|schemas)\/([^/]+)$/.exec(ref)?.[1] ?? "";
  return /^_*(?:def|schema|type|ref|model)_*\d*$/i.test(name) ? "" : name;
}
