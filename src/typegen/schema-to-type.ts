/**
 * Turns JSON Schemas of strangers, of any draft, into types of the model. Recursion, shared definitions and
 * what is nested too deep become slots whose types are made when asked for, so neither a loop nor depth can
 * exhaust the stack. Unions, conditions and inheritance are read in `compound-to-type`.
 */
import { isRecord } from "../schema/is-record.ts";
import type { JsonSchema } from "../spec/value.ts";
import { arrayToType } from "./array-to-type.ts";
import { commentType, intersectTypes, uniteTypes } from "./combine-types.ts";
import { compoundTypes } from "./compound-to-type.ts";
import { objectToType } from "./object-to-type.ts";
import { recursionKey } from "./recursion-key.ts";
import { typeNotes, useNotes } from "./schema-notes.ts";
import type { Direction, SchemaConversion, SchemaObject, SchemaPlace } from "./schema-place.ts";
import { directionalDefinitions, followRef } from "./schema-refs.ts";
import { createTypeTable, nameRanks, type TypeId, type TypeTable } from "./type-table.ts";
import { valueToType } from "./value-to-type.ts";

export interface TypeBuilder {
  readonly table: TypeTable;
  /** The type of a whole schema; `name` is what a type made of it might be called. */
  build(schema: JsonSchema, direction: Direction, name: string): TypeId;
  /** The type behind a shared definition; `undefined` when there is none of that name. */
  definition(name: string, direction: Direction): TypeId | undefined;
  /** What a slot stands for; made when first asked for. */
  bodyOf(slot: number): TypeId;
  /** Whether a slot stands for one of the source's shared definitions. */
  isDefinition(slot: number): boolean;
}

const definitionKey = "definition ";

/** Levels of schema that are read in one go. */
const maxDepth = 32;

interface Slot {
  readonly key: string;
  body: TypeId | undefined;
  readonly make: () => TypeId;
}

export function createTypeBuilder(definitions: { readonly [name: string]: JsonSchema }): TypeBuilder {
  const table = createTypeTable();
  const slots: Slot[] = [];
  const slotNumbers = new Map<string, number>();
  const memos = {
    input: new WeakMap<object, WeakMap<object, TypeId>>(),
    output: new WeakMap<object, WeakMap<object, TypeId>>(),
  };
  /** Schemas being read, and the slot that stands for one which contains itself. */
  let reading = new Map<object, number | undefined>();
  let directional: ReadonlySet<string> | undefined;
  let unique = 0;

  const addSlot = (key: string, name: string, make: () => TypeId): number => {
    const known = slotNumbers.get(key);
    if (known !== undefined) return known;
    const number = slots.push({ key, body: undefined, make }) - 1;
    slotNumbers.set(key, number);
    table.suggest(
      table.add({ kind: "slot", slot: number }),
      name,
      key.startsWith(definitionKey) ? nameRanks.definition : nameRanks.property,
    );
    return number;
  };

  const convert = (schema: unknown, outer: SchemaPlace): TypeId => {
    if (schema === false) return table.word("never");
    if (!isRecord(schema)) return table.word("any");
    const place = { ...outer, depth: outer.depth + 1 };
    const memo = memoFor(memos[place.direction], place.scope.root);
    const known = memo?.get(schema);
    if (known !== undefined) return known;
    if (reading.has(schema)) return recursion(schema, place);
    if (place.depth > maxDepth) return deep(schema, place);
    reading.set(schema, undefined);
    let type = describe(schema, place);
    const slot = reading.get(schema);
    reading.delete(schema);
    if (slot !== undefined) {
      const holder = slots[slot];
      if (holder !== undefined) holder.body ??= type;
      type = table.add({ kind: "slot", slot });
    }
    memo?.set(schema, type);
    return type;
  };

  const conversion: SchemaConversion = { table, convert };

  const recursion = (schema: SchemaObject, place: SchemaPlace): TypeId => {
    let slot = reading.get(schema);
    if (slot === undefined) {
      const key = recursionKey(schema, place.scope) ?? `unique ${(unique += 1)}`;
      slot = addSlot(`recursive ${place.direction} ${key}`, place.name, () => table.word("any"));
      reading.set(schema, slot);
    }
    return table.add({ kind: "slot", slot });
  };

  const deep = (schema: SchemaObject, place: SchemaPlace): TypeId => {
    const memo = memoFor(memos[place.direction], place.scope.root);
    const make = (): TypeId => {
      memo?.delete(schema);
      return convert(schema, { ...place, depth: 0, isWhole: false });
    };
    const type = table.add({ kind: "slot", slot: addSlot(`deep ${(unique += 1)}`, place.name, make) });
    memo?.set(schema, type);
    return type;
  };

  const definition = (name: string, direction: Direction): TypeId | undefined => {
    const root = Object.hasOwn(definitions, name) ? definitions[name] : undefined;
    if (root === undefined) return undefined;
    directional ??= directionalDefinitions(definitions);
    const isInput = direction === "input" && directional.has(name);
    const place = {
      scope: { root, definitions },
      direction: isInput ? direction : "output",
      depth: 0,
      name,
      around: [],
      isWhole: false,
    } as const;
    const slot = addSlot(
      `${definitionKey}${isInput ? "input" : ""} ${name}`,
      isInput ? `${name}Input` : name,
      () => convert(root, place),
    );
    return table.add({ kind: "slot", slot });
  };

  const referenced = (ref: string, place: SchemaPlace): TypeId => {
    const target = followRef(ref, place.scope);
    if (target === undefined) {
      return commentType(
        table,
        { description: "", notes: `unresolved ${ref.slice(0, 120)}`, deprecated: false },
        table.word("any"),
      );
    }
    if (target.definition !== undefined)
      return definition(target.definition, place.direction) ?? table.word("any");
    const name = refName(ref);
    const type = convert(target.schema, {
      ...place,
      scope: target.scope,
      name: name === "" ? place.name : name,
      around: [],
    });
    if (name !== "") table.suggest(type, name, nameRanks.definition);
    return type;
  };

  const describe = (schema: SchemaObject, place: SchemaPlace): TypeId => {
    const own = ownType(schema, place);
    const notes = typeNotes(schema);
    const parts = [
      commentType(table, { description: "", notes, deprecated: false }, own),
      ...compoundTypes(conversion, schema, place),
    ];
    const ref = schema["$ref"] ?? schema["$dynamicRef"] ?? schema["$recursiveRef"];
    if (typeof ref === "string") parts.unshift(referenced(ref, place));
    let type = intersectTypes(table, parts);
    if (schema["nullable"] === true || schema["x-nullable"] === true)
      type = uniteTypes(table, [type, table.word("null")]);
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

  const ownType = (schema: SchemaObject, place: SchemaPlace): TypeId => {
    if (schema["const"] !== undefined) return valueToType(table, schema["const"]);
    if (Array.isArray(schema["enum"]) && schema["enum"].length > 0) {
      return uniteTypes(
        table,
        schema["enum"].map((value) => valueToType(table, value)),
      );
    }
    const types = typesOf(schema);
    if (types.length === 0) return table.word("any");
    return uniteTypes(
      table,
      types.map((type) => typed(type, schema, place)),
    );
  };

  const typed = (type: unknown, schema: SchemaObject, place: SchemaPlace): TypeId => {
    switch (type) {
      case "string":
        return schema["format"] === "binary" ? bytes(place) : table.word("string");
      case "file":
        return bytes(place);
      case "number":
      case "boolean":
      case "null":
        return table.word(type);
      case "integer":
        return table.word("int");
      case "array":
        return arrayToType(conversion, schema, place);
      case "object":
        return objectToType(conversion, schema, place);
      default:
        return table.word("any");
    }
  };

  /** Sent as bytes or as text, received as bytes. */
  const bytes = ({ direction }: SchemaPlace): TypeId => {
    const array = table.word("Uint8Array");
    return direction === "input" ? uniteTypes(table, [array, table.word("string")]) : array;
  };

  const started = (make: () => TypeId): TypeId => {
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
    build: (root, direction, name) =>
      started(() =>
        convert(root, { scope: { root, definitions }, direction, depth: 0, name, around: [], isWhole: true }),
      ),
    definition,
    isDefinition: (number) => slots[number]?.key.startsWith(definitionKey) === true,
    bodyOf(number) {
      const slot = slots[number];
      if (slot === undefined) return table.word("any");
      slot.body ??= started(slot.make);
      return slot.body;
    },
  };
}

function memoFor(
  memos: WeakMap<object, WeakMap<object, TypeId>>,
  root: JsonSchema,
): WeakMap<object, TypeId> | undefined {
  if (typeof root === "boolean") return undefined;
  const known = memos.get(root);
  if (known !== undefined) return known;
  const fresh = new WeakMap<object, TypeId>();
  memos.set(root, fresh);
  return fresh;
}

/** The last part of a pointer into definitions; names a generator made up are worth less than the property's. */
function refName(ref: string): string {
  const name = /\/(?:\$defs|definitions|schemas)\/([^/]+)$/.exec(ref)?.[1] ?? "";
  return /^_*(?:def|schema|type|ref|model)_*\d*$/i.test(name) ? "" : name;
}

function typesOf(schema: SchemaObject): readonly unknown[] {
  const { type } = schema;
  if (typeof type === "string") return [type];
  if (Array.isArray(type)) return [...new Set(type)];
  if (objectKeywords.some((keyword) => schema[keyword] !== undefined)) return ["object"];
  if (schema["items"] !== undefined || schema["prefixItems"] !== undefined) return ["array"];
  return schema["format"] === "binary" ? ["string"] : [];
}

/** Keywords whose presence means an object where `type` is missing. */
const objectKeywords = [
  "properties",
  "required",
  "additionalProperties",
  "patternProperties",
  "propertyNames",
];
