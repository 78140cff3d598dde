/**
 * Writes types of the model as TypeScript, completely: every description, every named type by its name.
 */
import { joinComments } from "./combine-types.ts";
import { commentLine, docComment } from "./doc-comment.ts";
import type { NamedTypes } from "./name-types.ts";
import { propertyName, stringLiteral } from "./property-name.ts";
import { type ObjectType, partsOf, type TypeComment, type TypeId, type TypeProperty } from "./type-table.ts";

export interface TypeWriter {
  /** The type where it is used: its name, or written out. */
  text(id: TypeId): string;
  /** The type and what is to be said above the property or parameter that has it. */
  member(id: TypeId): { readonly comment: string; readonly text: string };
  /** The declaration of a named type. */
  declaration(id: TypeId, name: string): string;
}

/** How tight a type binds where it is put: a union needs brackets in an intersection, both in an array. */
type Context = "top" | "union" | "intersection" | "item";

/** Objects without comments up to this length stay on one line. */
const maxLine = 90;

/** `slotName` names the slots that the types leave to others. */
export function createTypeWriter(
  types: NamedTypes,
  slotName: (slot: number) => string = () => "any",
): TypeWriter {
  const { table, names } = types;
  const recursive = recursiveTypes(types);

  const write = (id: TypeId, context: Context): string => names.get(id) ?? writeOut(id, context);

  const writeOut = (id: TypeId, context: Context): string => {
    const node = table.node(id);
    switch (node.kind) {
      case "word":
        return node.word;
      case "literal":
        return typeof node.value === "string" ? stringLiteral(node.value) : String(node.value);
      case "slot":
        return nameOfSlot(node.slot);
      case "array":
        return `${write(node.item, "item")}[]`;
      case "tuple": {
        const items = node.items.map((item, at) =>
          at < node.required ? write(item, "top") : `${write(item, "item")}?`,
        );
        if (node.rest !== undefined) items.push(`...${write(node.rest, "item")}[]`);
        return `[${items.join(", ")}]`;
      }
      case "object":
        return writeObject(node, recursive.has(id), context);
      case "union":
        return bracket(
          node.members.map((member) => write(member, "union")).join(" | "),
          context === "intersection" || context === "item",
        );
      case "intersection":
        return bracket(
          node.members.map((member) => write(member, "intersection")).join(" & "),
          context === "item",
        );
      default: {
        const { comment, inner } = uncomment(id);
        return bracket(`${docComment(commentLine(comment))} ${write(inner, context)}`, context === "item");
      }
    }
  };

  const nameOfSlot = (slot: number): string => {
    const body = types.recursive.get(slot);
    return (body === undefined ? undefined : names.get(body)) ?? slotName(slot);
  };

  const writeObject = (node: ObjectType, isRecursive: boolean, context: Context): string => {
    const { bases, properties, index } = node;
    const parts = bases.map((base) => write(base, "intersection"));
    if (properties.length === 0 && index !== undefined && !isRecursive)
      parts.push(`Record<string, ${write(index, "top")}>`);
    else if (properties.length > 0 || index !== undefined || bases.length === 0)
      parts.push(braces(members(node)));
    return bracket(parts.join(" & "), parts.length > 1 && context === "item");
  };

  const members = ({ properties, index }: ObjectType): Members => {
    const lines: string[] = [];
    let hasComment = false;
    for (const property of properties) {
      const { comment, text } = member(property.type);
      if (comment !== "") {
        hasComment = true;
        lines.push(comment);
      }
      lines.push(`${propertyHead(property)}: ${text}`);
    }
    if (index !== undefined) lines.push(`[key: string]: ${write(index, "top")}`);
    return { lines, hasComment };
  };

  const member = (id: TypeId): { readonly comment: string; readonly text: string } => {
    if (names.has(id)) return { comment: "", text: write(id, "top") };
    const { comment, inner } = uncomment(id);
    return { comment: docComment(commentLine(comment)), text: write(inner, "top") };
  };

  /** The comments around a type, up to where it has a name. */
  const uncomment = (id: TypeId): { readonly comment: TypeComment; readonly inner: TypeId } => {
    const comments: TypeComment[] = [];
    let inner = id;
    for (
      let node = table.node(id);
      node.kind === "comment" && !(inner !== id && names.has(inner));
      node = table.node(inner)
    ) {
      comments.push(node.comment);
      inner = node.type;
    }
    // What a type demands of a value is said before what a use of it adds.
    const { notes } = joinComments(comments.toReversed());
    return { comment: { ...joinComments(comments), notes }, inner };
  };

  return {
    text: (id) => write(id, "top"),
    member,
    declaration(id, name) {
      const { comment, inner } = uncomment(id);
      const node = table.node(inner);
      const head = docComment(commentLine(comment));
      const above = head === "" ? "" : `${head}\n`;
      const isInterface = node.kind === "object" && (inner === id || !names.has(inner));
      if (!isInterface)
        return `${above}type ${name} = ${inner === id ? writeOut(inner, "top") : write(inner, "top")};`;
      const bases =
        node.bases.length === 0 ? "" : ` extends ${node.bases.map((base) => write(base, "top")).join(", ")}`;
      return `${above}interface ${name}${bases} ${braces({ ...members(node), hasComment: true })}`;
    },
  };
}

interface Members {
  readonly lines: readonly string[];
  readonly hasComment: boolean;
}

export function propertyHead({ name, optional }: TypeProperty): string {
  return `${propertyName(name)}${optional ? "?" : ""}`;
}

function braces({ lines, hasComment }: Members): string {
  if (lines.length === 0) return "{}";
  const line = lines.join("; ");
  const isShort = !hasComment && line.length <= maxLine && !line.includes("\n");
  return isShort ? `{ ${line} }` : `{\n${lines.join("\n")}\n}`;
}

function bracket(text: string, isNeeded: boolean): string {
  return isNeeded ? `(${text})` : text;
}

/** Types that lead to themselves: there `Record<string, …>`, an alias, would be circular. */
function recursiveTypes({ table }: NamedTypes): ReadonlySet<TypeId> {
  const found = new Set<TypeId>();
  for (let id = 0; id < table.size; id += 1) {
    const node = table.node(id);
    if (node.kind === "slot" || partsOf(node).some((part) => found.has(part))) found.add(id);
  }
  return found;
}
