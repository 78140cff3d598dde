/**
 * Writes types of the model for a reader with little room: required properties first, depth, width and
 * doc comments cut to given measures, every cut marked where it was made. How much room there is, others say.
 */
import { bare } from "./combine-types.ts";
import { commentLine, commentText } from "./doc-comment.ts";
import { propertyName, stringLiteral } from "./property-name.ts";
import type { TypeBuilder } from "./schema-to-type.ts";
import { toTypeName } from "./type-name.ts";
import type { ObjectType, TypeId, TypeProperty } from "./type-table.ts";

export interface BriefMeasures {
  /** Levels of objects that are written out; the first is the arguments object itself. */
  readonly depth: number;
  /** Optional properties per object; required ones are always written. */
  readonly width: number;
  /** Values of a list of literals. */
  readonly values: number;
  /** Characters of a property's comment on the first level; 0 for none. */
  readonly comment: number;
  /** Types written in one text; there is no use in going on after that. */
  readonly parts: number;
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

export function createBriefWriter(builder: TypeBuilder, measures: BriefMeasures): BriefWriter {
  const { table } = builder;
  const used = new Set<number>();
  let isCut = false;
  let written = 0;

  const cut = (mark: string): string => {
    isCut = true;
    return mark;
  };

  const write = (id: TypeId, level: number): string => {
    written += 1;
    if (written > measures.parts) return "any";
    const node = table.node(bare(table, id));
    switch (node.kind) {
      case "word":
        return node.word === "int" ? "number" : node.word;
      case "literal":
        return typeof node.value === "string"
          ? stringLiteral(shortened(node.value, cut))
          : String(node.value);
      case "slot":
        used.add(node.slot);
        return slotName(builder, node.slot);
      case "array": {
        const item = write(node.item, level);
        return isLoose(item) ? `(${item})[]` : `${item}[]`;
      }
      case "tuple": {
        const items = node.items.map((item, at) =>
          at < node.required ? write(item, level) : `(${write(item, level)})?`,
        );
        return `[${[...items, ...(node.rest === undefined ? [] : [`...(${write(node.rest, level)})[]`])].join(", ")}]`;
      }
      case "object":
        return writeObject(node, level);
      case "union":
        return writeUnion(node.members, level);
      case "intersection":
        return node.members.map((member) => braced(write(member, level))).join(" & ");
      default:
        return write(node.type, level);
    }
  };

  const writeObject = ({ properties, index }: ObjectType, level: number): string => {
    if (properties.length === 0)
      return index === undefined ? "{}" : `Record<string, ${write(index, level + 1)}>`;
    if (level >= measures.depth) return cut("{ /* … */ }");
    const required = properties.filter((property) => !property.optional);
    const optional = properties.filter((property) => property.optional);
    const shown = optional.slice(0, measures.width);
    const parts = [...required, ...shown].map((property) => writeProperty(property, level));
    if (index !== undefined && table.node(index).kind !== "word")
      parts.push(`[key: string]: ${write(index, level + 1)}`);
    const left = optional.length - shown.length;
    const more = left === 0 ? "" : cut(` /* +${left} more */`);
    return `{ ${parts.join("; ")}${more} }`;
  };

  const writeProperty = (property: TypeProperty, level: number): string => {
    const comment = level === 0 && measures.comment > 0 ? briefComment(property.type, measures.comment) : "";
    const mark = property.optional ? "?" : "";
    return `${comment}${propertyName(property.name)}${mark}: ${write(property.type, level + 1)}`;
  };

  const briefComment = (id: TypeId, length: number): string => {
    const node = table.node(id);
    if (node.kind !== "comment") return "";
    const said = commentText(firstSentence(commentLine({ ...node.comment, notes: "" }), length));
    const { notes } = node.comment;
    const text = [said, notes.length <= 30 ? commentText(notes) : ""]
      .filter((part) => part !== "")
      .join(", ");
    return text === "" ? "" : `/** ${text} */ `;
  };

  const writeUnion = (members: readonly TypeId[], level: number): string => {
    const isLong = members.length > measures.values + 2;
    const shown = isLong ? members.slice(0, measures.values) : members;
    const texts = shown.map((member) => braced(write(member, level)));
    if (isLong) texts.push(cut(`/* +${members.length - shown.length} more */ ${wideWord(members)}`));
    return [...new Set(texts)].join(" | ");
  };

  /** What the members that are not shown are at least. */
  const wideWord = (members: readonly TypeId[]): string => {
    const nodes = members.map((member) => table.node(member));
    return nodes.every((node) => node.kind === "literal" && typeof node.value === "string")
      ? "string"
      : "any";
  };

  return {
    text: (id) => write(id, 0),
    declaration(slot) {
      const name = slotName(builder, slot);
      const body = bare(table, builder.bodyOf(slot));
      const text = write(body, 0);
      return table.node(body).kind === "object" && text.startsWith("{")
        ? `interface ${name} ${text}`
        : `type ${name} = ${text}`;
    },
    used,
    get isFull() {
      return written > measures.parts;
    },
    get isCut() {
      return isCut;
    },
  };
}

/** What a definition is called in every rendering. */
export function slotName({ table }: TypeBuilder, slot: number): string {
  return toTypeName(table.suggestion(table.add({ kind: "slot", slot }))?.name ?? "");
}

function shortened(text: string, cut: (mark: string) => string): string {
  return text.length <= 120 ? text : `${text.slice(0, 120)}${cut("…")}`;
}

/** Whether brackets are needed before `[]`. */
function isLoose(text: string): boolean {
  return / [|&] /.test(text) && !/^(?:\{.*\}|\[.*\])$/.test(text);
}

function braced(text: string): string {
  return isLoose(text) && !text.startsWith("(") ? `(${text})` : text;
}

/** The first sentence, or as much of it as fits. */
function firstSentence(text: string, length: number): string {
  const folded = text.replaceAll(/\s+/g, " ").trim();
  const end = /[.!?](?= |$)/.exec(folded.slice(0, length + 1))?.index;
  if (end !== undefined) return folded.slice(0, end);
  if (folded.length <= length) return folded;
  const space = folded.lastIndexOf(" ", length - 1);
  return `${folded.slice(0, space > length / 2 ? space : length - 1)}…`;
}
