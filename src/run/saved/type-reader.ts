/**
 * Reads one TypeScript type from a text and writes it as a JSON Schema: literals, unions, arrays, tuples, object
 * types with optional and documented properties, `Record`, `Array`, names declared beside it. Bounded in depth.
 */
import type { JsonSchema } from "../../spec/value.ts";

type Schema = { [keyword: string]: unknown };

const deepest = 12;
const named: ReadonlyMap<string, Schema> = new Map<string, Schema>([
  ["string", { type: "string" }],
  ["number", { type: "number" }],
  ["boolean", { type: "boolean" }],
  ["true", { const: true }],
  ["false", { const: false }],
  ["null", { type: "null" }],
  ["any", {}],
  ["unknown", {}],
  ["object", { type: "object" }],
]);

class NotUnderstood extends Error {}

export class TypeReader {
  readonly #text: string;
  readonly #names: ReadonlyMap<string, number>;
  readonly #depth: number;
  #at: number;

  /** `names`: where the types declared in the text begin. */
  constructor(text: string, at: number, names: ReadonlyMap<string, number>, depth = 0) {
    this.#text = text;
    this.#at = at;
    this.#names = names;
    this.#depth = depth;
  }

  /** `undefined` for a type that JSON Schema has no plain word for. */
  read(): JsonSchema | undefined {
    try {
      return this.#union(this.#depth);
    } catch (error) {
      if (error instanceof NotUnderstood) return undefined;
      throw error;
    }
  }

  #union(depth: number): Schema {
    if (depth > deepest) throw new NotUnderstood();
    this.#take("|");
    const members = [this.#postfix(depth)];
    while (this.#take("|")) members.push(this.#postfix(depth));
    const [first] = members;
    if (members.length === 1 && first !== undefined) return first;
    const given = members.filter((each) => each["$nothing"] !== true);
    if (given.every((each) => Object.hasOwn(each, "const")) && given.length > 0)
      return { enum: given.map((each) => each["const"]) };
    return given.length === 1 ? (given[0] ?? {}) : { anyOf: given };
  }

  #postfix(depth: number): Schema {
    let schema = this.#primary(depth);
    while (this.#take("[")) {
      if (!this.#take("]")) throw new NotUnderstood();
      schema = { type: "array", items: schema };
    }
    return schema;
  }

  #primary(depth: number): Schema {
    if (this.#take("(")) {
      const inner = this.#union(depth + 1);
      this.#expect(")");
      return inner;
    }
    if (this.#take("{")) return this.#object(depth);
    if (this.#take("[")) return this.#tuple(depth);
    const literal = this.#match(/(?:"(?:[^"\\\n]|\\.)*"|-?\d+(?:\.\d+)?)/y);
    if (literal !== undefined) return { const: JSON.parse(literal) };
    const quoted = this.#match(/'(?:[^'\\\n])*'/y);
    if (quoted !== undefined) return { const: quoted.slice(1, -1) };
    const name = this.#match(/[\p{L}_$][\p{L}\p{N}_$]*/uy);
    if (name === undefined) throw new NotUnderstood();
    return this.#named(name, depth);
  }

  #named(name: string, depth: number): Schema {
    if (name === "readonly") return this.#postfix(depth);
    if (name === "undefined" || name === "void") return { $nothing: true };
    const simple = named.get(name);
    if (simple !== undefined) return simple;
    if (/^(?:Array|ReadonlyArray|Partial|Readonly|Record)$/.test(name)) return this.#generic(name, depth);
    const declared = this.#names.get(name);
    if (declared === undefined) throw new NotUnderstood();
    const schema = new TypeReader(this.#text, declared, this.#names, depth + 1).read();
    if (typeof schema !== "object") throw new NotUnderstood();
    return schema;
  }

  #generic(name: string, depth: number): Schema {
    this.#expect("<");
    const first = this.#union(depth + 1);
    const second = this.#take(",") ? this.#union(depth + 1) : undefined;
    this.#expect(">");
    if (name === "Record") return { type: "object", additionalProperties: second ?? {} };
    if (name === "Partial") return withoutRequired(first);
    return name === "Readonly" ? first : { type: "array", items: first };
  }

  #tuple(depth: number): Schema {
    const items: Schema[] = [];
    while (!this.#take("]")) {
      items.push(this.#union(depth + 1));
      if (!this.#take(",")) {
        this.#expect("]");
        break;
      }
    }
    return { type: "array", prefixItems: items, minItems: items.length, maxItems: items.length };
  }

  #object(depth: number): Schema {
    const properties = new Map<string, Schema>();
    const required: string[] = [];
    for (;;) {
      const description = this.#comments();
      if (this.#take("}")) break;
      this.#match(/readonly\s+(?=[\w$"'])/y);
      const quoted = this.#match(/"(?:[^"\\\n]|\\.)*"|'[^'\\\n]*'/y);
      const name = quoted?.slice(1, -1) ?? this.#match(/[\p{L}_$][\p{L}\p{N}_$]*/uy);
      if (name === undefined || name === "") throw new NotUnderstood();
      const optional = this.#take("?");
      this.#expect(":");
      const schema = this.#union(depth + 1);
      properties.set(name, description === undefined ? schema : { ...schema, description });
      if (!optional) required.push(name);
      this.#match(/[;,]/y);
    }
    return {
      type: "object",
      properties: Object.fromEntries(properties),
      ...(required.length === 0 ? {} : { required }),
      additionalProperties: false,
    };
  }

  /** What a comment before a property says of it. */
  #comments(): string | undefined {
    let said: string | undefined;
    for (;;) {
      const comment = this.#match(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/y);
      if (comment === undefined) return said;
      const words = comment
        .replaceAll(/^\/\*+|\*+\/$|^\/\/+|^\s*\*+/gm, " ")
        .replaceAll(/\s+/g, " ")
        .trim();
      if (words !== "") said = words.slice(0, 500);
    }
  }

  #expect(sign: string): void {
    if (!this.#take(sign)) throw new NotUnderstood();
  }

  #take(sign: string): boolean {
    this.#skipSpace();
    if (!this.#text.startsWith(sign, this.#at)) return false;
    this.#at += sign.length;
    return true;
  }

  #match(pattern: RegExp): string | undefined {
    this.#skipSpace();
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  #skipSpace(): void {
    while (/\s/.test(this.#text.charAt(this.#at))) this.#at += 1;
  }
}

function withoutRequired(schema: Schema): Schema {
  const { required: _required, ...rest } = schema;
  return rest;
}
