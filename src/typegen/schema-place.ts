/** Where a schema stands while it is turned into a type, and the tools its conversion may use. */
import type { SchemaScope } from "../schema/resolve-ref.ts";
import type { TypeId, TypeTable } from "./type-table.ts";

export type SchemaObject = { readonly [keyword: string]: unknown };

/** Whether the value goes to the tool or comes from it: read-only properties are not sent, write-only ones not received. */
export type Direction = "input" | "output";

export interface SchemaPlace {
  readonly scope: SchemaScope;
  readonly direction: Direction;
  /** This is the whole input or output of a tool. */
  readonly isWhole: boolean;
  /** Levels of schema above this one, since the last slot. */
  readonly depth: number;
  /** What a type made here might be called: the property's or the definition's name. */
  readonly name: string;
  /** The schemas that describe the same value from outside: this one is an `anyOf` option of the last, … */
  readonly around: readonly SchemaObject[];
}

export interface SchemaConversion {
  readonly table: TypeTable;
  /** The type of a subschema, one level below `place`. */
  convert(schema: unknown, place: SchemaPlace): TypeId;
}

/** Schemas around one that are remembered. */
const maxAround = 8;

/** The place of a schema that describes the same value as `schema`, from inside it. */
export function within(schema: SchemaObject, place: SchemaPlace): SchemaPlace {
  return { ...place, around: [schema, ...place.around.slice(0, maxAround - 1)] };
}
