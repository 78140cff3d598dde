/**
 * What the compiler knows of tools: sources that carry the types of their tools, and what `codemode.tools` is made
 * of them. Types alone; at run time there is nothing of it.
 */
import type { Source } from "./source.ts";

declare const toolTypes: unique symbol;

/** A source whose tools have types: functions, by their Standard Schemas and by what they return. */
export interface TypedSource<Name extends string, Tools> extends Source {
  readonly name: Name;
  readonly [toolTypes]?: Tools;
}

/** Tools of which nothing is known until they are listed. */
// oxlint-disable-next-line typescript/no-explicit-any -- the types of tools that nobody has declared
export type UntypedTools = { readonly [source: string]: any };

/** `tools.<source>.<name>(args)` of all sources together. */
export type ToolsOf<Sources extends readonly Source[]> = Together<
  { readonly [At in keyof Sources]: ToolsOfSource<Sources[At]> }[number]
>;

type ToolsOfSource<S> =
  S extends TypedSource<infer Name, infer Tools>
    ? string extends Name
      ? UntypedTools
      : { readonly [Key in IdentifierOf<Name>]: unknown extends Tools ? UntypedTools : Tools }
    : UntypedTools;

type Together<Union> = [Union] extends [never]
  ? UntypedTools
  : (Union extends unknown ? (each: Union) => void : never) extends (all: infer All) => void
    ? All
    : never;

/**
 * The identifier that the catalog makes of a name, as far as ASCII goes: `get-sum` → `get_sum`, `2fa` → `_2fa`,
 * `delete` → `delete_`.
 */
export type IdentifierOf<Name extends string> = string extends Name
  ? string
  : Name extends ""
    ? "_"
    : Settled<Joined<Name>>;

type Joined<Text extends string, Done extends string = ""> = Text extends `${infer First}${infer Rest}`
  ? Joined<Rest, `${Done}${First extends Punctuation ? "_" : First}`>
  : Done;

type Settled<Name extends string> = Name extends `${Digit}${string}`
  ? `_${Name}`
  : Name extends Reserved
    ? `${Name}_`
    : Name;

type Digit = "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9";

// prettier-ignore
type Punctuation =
  | " " | "!" | '"' | "#" | "%" | "&" | "'" | "(" | ")" | "*" | "+" | "," | "-" | "." | "/" | ":" | ";" | "<" | "="
  | ">" | "?" | "@" | "[" | "\\" | "]" | "^" | "`" | "{" | "|" | "}" | "~";

/** Those of the catalog's reserved words that anybody calls a tool. */
// prettier-ignore
type Reserved =
  | "break" | "case" | "catch" | "class" | "const" | "continue" | "debugger" | "default" | "delete" | "do" | "else"
  | "enum" | "export" | "extends" | "false" | "finally" | "for" | "function" | "if" | "implements" | "import" | "in"
  | "instanceof" | "interface" | "let" | "new" | "null" | "package" | "private" | "protected" | "public" | "return"
  | "static" | "super" | "switch" | "this" | "throw" | "true" | "try" | "typeof" | "var" | "void" | "while" | "with"
  | "yield" | "await" | "arguments" | "eval" | "undefined" | "constructor" | "prototype" | "__proto__" | "then"
  | "toString" | "toJSON" | "valueOf" | "hasOwnProperty" | "isPrototypeOf" | "propertyIsEnumerable" | "toLocaleString";

/** What becomes of a tool's answer on its way through a run: the JSON view of it. */
export type AsJson<T> = 0 extends 1 & T
  ? T
  : unknown extends T
    ? T
    : T extends string | number | boolean | null | undefined | void
      ? T
      : T extends bigint | Date | Uint8Array
        ? string
        : T extends ReadonlyMap<infer Key, infer Item>
          ? Key extends string
            ? { [key: string]: AsJson<Item> }
            : [AsJson<Key>, AsJson<Item>][]
          : T extends ReadonlySet<infer Item>
            ? AsJson<Item>[]
            : { [Key in keyof T]: AsJson<T[Key]> };
