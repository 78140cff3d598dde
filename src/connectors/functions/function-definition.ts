/**
 * What a program passes in to offer its own functions as tools: the types, from which the arguments of each
 * `run` are inferred, and the helper for nested groups. Reading them is `functions-to-tools.ts`.
 */
import type { CallContext } from "../../spec/source.ts";
import type { Effect } from "../../spec/tool.ts";
import type { JsonSchema } from "../../spec/value.ts";
import { isStandardSchema, type StandardSchema } from "./standard-schema.ts";

/** What `run` receives for a given `input`: a Standard Schema's output, else any object. */
export type FunctionArgs<Input> =
  // oxlint-disable-next-line typescript/no-explicit-any -- a JSON Schema says nothing to the compiler
  Input extends StandardSchema<unknown, infer Output> ? Output : any;

export interface FunctionDefinition<Input = unknown> {
  readonly title?: string;
  readonly description?: string;
  /** A Standard Schema (zod, arktype, valibot) or a JSON Schema of an object; without it the tool takes anything. */
  readonly input?: Input;
  /** A Standard Schema, which the answer then has to satisfy, or a JSON Schema, which only documents it. */
  readonly output?: StandardSchema | JsonSchema;
  /** Default: `write`. */
  readonly effect?: Effect;
  readonly deprecated?: boolean;
  readonly tags?: readonly string[];
  /** Arguments are validated, and transformed where the schema transforms. What it throws fails the call. */
  run(args: FunctionArgs<Input>, context: CallContext): unknown;
  /** Undoes one completed call. */
  // oxlint-disable-next-line typescript/no-explicit-any -- the answer is whatever `run` returned
  revert?(args: FunctionArgs<Input>, result: any, context: CallContext): unknown;
}

/** A function alone: no schema, no description but its name. */
// oxlint-disable-next-line typescript/no-explicit-any -- its own parameter type is the only one there is
export type PlainFunction = (args: any, context: CallContext) => Promise<unknown>;

const groupMark = Symbol("functions");

declare const groupTypes: unique symbol;

/** Made by `createFunctionGroup`. */
export interface FunctionGroup<Functions = unknown> {
  readonly [groupMark]: FunctionTree;
  /** Known to the compiler alone. */
  readonly [groupTypes]?: Functions;
}

/** Functions, definitions and groups by name; nested as deep as one likes. */
export interface FunctionTree {
  // oxlint-disable-next-line typescript/no-explicit-any -- each definition has an input type of its own
  readonly [name: string]: FunctionDefinition<any> | PlainFunction | FunctionGroup | FunctionTree;
}

/** One level of functions whose arguments the compiler infers from each `input`. */
export type TypedFunctions<Inputs> = {
  readonly [Name in keyof Inputs]: FunctionDefinition<Inputs[Name]> | PlainFunction | FunctionGroup;
};

/** A group of functions, so that their paths nest: `{ repos: createFunctionGroup({ list }) }` is `repos.list`. */
export function createFunctionGroup<Inputs, Functions>(
  functions: TypedFunctions<Inputs> & Functions,
): FunctionGroup<Functions> {
  const tree: TypedFunctions<Inputs> = functions;
  return { [groupMark]: tree };
}

/** The members of a typed group or of a plain object; `undefined` for anything else. */
export function functionsOf(entry: unknown): FunctionTree | undefined {
  if (!isTree(entry)) return undefined;
  return isGroup(entry) ? entry[groupMark] : entry;
}

/** A definition is what has a function named `run`; a group may still have a definition of that name. */
export function isDefinition(entry: unknown): entry is FunctionDefinition {
  return typeof entry === "object" && entry !== null && "run" in entry && typeof entry.run === "function";
}

/** A function alone, rather than a schema that happens to be callable. */
export function isPlainFunction(entry: unknown): entry is PlainFunction {
  return typeof entry === "function" && !isStandardSchema(entry);
}

function isTree(entry: unknown): entry is FunctionTree {
  const plain = typeof entry === "object" && entry !== null && !Array.isArray(entry);
  return plain && !isDefinition(entry) && !isStandardSchema(entry);
}

function isGroup(entry: object): entry is FunctionGroup {
  return groupMark in entry;
}
