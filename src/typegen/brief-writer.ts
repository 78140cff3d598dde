/**
 * Writes types of the model for a reader with little room: required properties first, depth, width and
 * doc comments cut to given measures, every cut marked where it was made. How much room there is, others say.
 */
import { bare } from "./combine-types.ts";
import { briefComment } from "./brief-comment.ts";
import { flattenIntersection, lastAlias, simpleType } from "./flatten-type.ts";
import { propertyName, stringLiteral } from "./property-name.ts";
import type { TypeBuilder } from "./schema-to-type.ts";
import type { ObjectType, TypeId, TypeProperty } from "./type-table.ts";

export interface BriefMeasures {
  /** Levels of objects that are written out; the first is the arguments object itself. */
  readonly depth: number;
  /** Optional properties per object; required ones are always written. */
  readonly width: number;
  /** Values of a list of literals. */
  readonly values: number;
  /** Characters of prose before a property on the first level; bounds and units are said in any case. */
  readonly comment: number;
  /** Types written in one text; there is no use in going on after that. */
  readonly parts: number;
  /** What the type behind a slot is called. */
  readonly slotName: (slot: number) => string;
}

export interface BriefWriter {
  text(id: TypeId): string;
  /** The declaration of a named type that some text refers to. */
  declaration(slot: number): string;
  /** Named types referred to so far, in order. */
  readonly used: ReadonlySet<number>;
  /** Something was left out. */
  readonly isCut: boolean;
  /** There were more types than `parts`: the text is of no use. */
  readonly isFull: boolean;
}

/** Where a type is put decides on brackets around unions and intersections. */
interface Spot {
  readonly level: number;
  readonly tight: "no" | "member" | "item";
}

export function createBriefWriter(builder: TypeBuilder, measures: BriefMeasures): BriefWriter {
  const { table } = builder;
  const used = new Set<number>();
  let isCut = false;
  let written = 0;

  const cut = (mark: string): string => {
    isCut = true;
    return mark;
  };

  const write = (id: TypeId, spot: Spot): string => {
    written += 1;
    if (written > measures.parts) return "any";
    const node = table.node(bare(table, id));
    const { level } = spot;
    switch (node.kind) {
      case "word":
        return node.word === "int" ? "number" : node.word;
      case "literal":
        return typeof node.value === "string" ? stringLiteral(shortened(node.value)) : String(node.value);
      case "slot": {
        const simple = simpleType(builder, node.slot);
        if (simple !== undefined) return write(simple, spot);
        const slot = lastAlias(builder, node.slot);
        used.add(slot);
        return measures.slotName(slot);
      }
      case "array":
        return `${write(node.item, { level, tight: "item" })}[]`;
      case "tuple": {
        const items = node.items.map((item, at) =>
          writeItem(item, { level, mark: at < node.required ? "" : "?" }),
        );
        if (node.rest !== undefined) items.push(`...${write(node.rest, { level, tight: "item" })}[]`);
        return `[${items.join(", ")}]`;
      }
      case "object":
        return writeObject(node, level);
      case "union":
        return writeUnion(node.members, spot);
      case "intersection":
        return writeIntersection(node.members, spot);
      default:
        return write(node.type, spot);
    }
  };

  const writeItem = (
    id: TypeId,
    { level, mark }: { readonly level: number; readonly mark: string },
  ): string => `${write(id, { level, tight: mark === "" ? "no" : "item" })}${mark}`;

  const writeObject = ({ properties, index }: ObjectType, level: number): string => {
    const inner: Spot = { level: level + 1, tight: "no" };
    if (properties.length === 0) return index === undefined ? "{}" : `Record<string, ${write(index, inner)}>`;
    if (level >= measures.depth) return cut("{ /* … */ }");
    const required = properties.filter((property) => !property.optional);
    const optional = properties.filter((property) => property.optional);
    const shown = optional.slice(0, measures.width);
    const parts = [...required, ...shown].map((property) => writeProperty(property, level));
    if (index !== undefined && table.node(index).kind !== "word")
      parts.push(`[key: string]: ${write(index, inner)}`);
    const left = optional.length - shown.length;
    const more = left === 0 ? "" : cut(` /* +${left} more */`);
    return `{ ${parts.join("; ")}${more} }`;
  };

  const writeProperty = (property: TypeProperty, level: number): string => {
    const comment = briefComment(builder, property.type, { prose: level === 0 ? measures.comment : 0 });
    const mark = property.optional ? "?" : "";
    return `${comment}${propertyName(property.name)}${mark}: ${write(property.type, { level: level + 1, tight: "no" })}`;
  };

  const writeUnion = (members: readonly TypeId[], { level, tight }: Spot): string => {
    const isLong = members.length > measures.values + 2;
    const shown = isLong ? members.slice(0, measures.values) : members;
    const texts = shown.map((member) => write(member, { level, tight: "member" }));
    if (isLong) texts.push(cut(`/* +${members.length - shown.length} more */ ${widest(members)}`));
    const distinct = [...new Set(texts)];
    return bracket(distinct.join(" | "), distinct.length > 1 && tight !== "no");
  };

  /** What the members that are not shown are at least. */
  const widest = (members: readonly TypeId[]): string => {
    const nodes = members.map((member) => table.node(member));
    return nodes.every((node) => node.kind === "literal" && typeof node.value === "string")
      ? "string"
      : "any";
  };

  const writeIntersection = (members: readonly TypeId[], { level, tight }: Spot): string => {
    const { object, rest } = flattenIntersection(builder, members);
    const parts = rest.map((member) => write(member, { level, tight: "member" }));
    if (object !== undefined) parts.unshift(writeObject(object, level));
    return bracket(parts.join(" & "), parts.length > 1 && tight !== "no");
  };

  const shortened = (text: string): string =>
    text.length <= 120 ? text : `${text.slice(0, 120)}${cut("…")}`;

  return {
    text: (id) => write(id, { level: 0, tight: "no" }),
    declaration(slot) {
      const name = measures.slotName(slot);
      const body = bare(table, builder.bodyOf(slot));
      const node = table.node(body);
      const text = write(body, { level: 0, tight: "no" });
      const isPlain = node.kind === "object" && node.properties.length > 0;
      return isPlain ? `interface ${name} ${text}` : `type ${name} = ${text}`;
    },
    used,
    get isCut() {
      return isCut;
    },
    get isFull() {
      return written > measures.parts;
    },
  };
}

function bracket(text: string, isNeeded: boolean): string {
  return isNeeded ? `(${text})` : text;
}
