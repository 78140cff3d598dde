/**
 * The types of functions as tools: arguments by what their schema takes, answers by what their schema or they
 * themselves return.
 */
import type { AsJson, IdentifierOf } from "../../spec/typed-source.ts";
import type { FunctionGroup } from "./function-definition.ts";
import type { StandardSchema } from "./standard-schema.ts";

/** The tools that a tree of functions makes, by the names that the catalog gives them. */
export type ToolsOfFunctions<Functions> = {
  readonly [Name in keyof Functions as Name extends string ? IdentifierOf<Name> : never]: ToolOf<
    Functions[Name]
  >;
};

type ToolOf<Entry> = Entry extends (...args: infer Args) => infer Answer
  ? Call<FirstOf<Args>, Answer>
  : Entry extends { readonly run: (...args: infer Args) => infer Answer }
    ? Call<
        Entry extends { readonly input: StandardSchema<infer Input, unknown> } ? Input : FirstOf<Args>,
        Entry extends { readonly output: StandardSchema<unknown, infer Output> } ? Output : Answer
      >
    : Entry extends FunctionGroup<infer Functions>
      ? ToolsOfFunctions<Functions>
      : ToolsOfFunctions<Entry>;

/** What may be left out as a whole where nothing in it is needed. */
type Call<Args, Answer> = unknown extends Args
  ? // oxlint-disable-next-line typescript/no-explicit-any -- a JSON Schema says nothing to the compiler
    (args?: any) => Promise<AsJson<Awaited<Answer>>>
  : Nothing extends Args
    ? (args?: Args) => Promise<AsJson<Awaited<Answer>>>
    : (args: Args) => Promise<AsJson<Awaited<Answer>>>;

/** No property at all. */
type Nothing = { readonly [name in never]: unknown };

type FirstOf<Args extends readonly unknown[]> = Args extends readonly [infer First, ...unknown[]]
  ? First
  : unknown;
