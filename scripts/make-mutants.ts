/**
 * Makes the mutants of one TypeScript file: copies with one small fault each, such as a comparison turned
 * round, a constant changed, a branch or statement gone. Knows nothing of what is tested with them.
 */
import { stripTypeScriptTypes } from "node:module";
import { parse, type AnyNode, type CallExpression } from "acorn";

export interface Mutant {
  /** The whole file, as JavaScript. */
  readonly text: string;
  /** One-based. */
  readonly line: number;
  readonly what: string;
}

interface Fault {
  readonly at: number;
  readonly end: number;
  readonly put: string;
}

/** Those that still parse; texts that only document (`.describe(…)`) are left as they are. */
export function makeMutants(source: string): Mutant[] {
  const text = stripTypeScriptTypes(source);
  const faults: Fault[] = [];
  visit(parse(text, { ecmaVersion: "latest", sourceType: "module" }), (node) =>
    faults.push(...faultsOf(node, text)),
  );
  return faults.flatMap((fault) => {
    const mutated = text.slice(0, fault.at) + fault.put + text.slice(fault.end);
    if (mutated === text || !parses(mutated)) return [];
    const line = text.slice(0, fault.at).split("\n").length;
    const was = text.slice(fault.at, fault.end).replaceAll(/\s+/g, " ").slice(0, 60);
    return [
      { text: mutated, line, what: `${was} → ${fault.put === "" ? "(gone)" : fault.put.slice(0, 60)}` },
    ];
  });
}

function visit(node: AnyNode, found: (node: AnyNode) => void): void {
  if (node.type === "ImportDeclaration") return;
  found(node);
  // The argument of `.describe(…)` is for readers; what it is called on is visited.
  const children = isDescribed(node) ? [node.callee] : (Object.values(node) as unknown[]).flat();
  for (const child of children) if (isNode(child)) visit(child, found);
}

function isDescribed(node: AnyNode): node is CallExpression {
  if (node.type !== "CallExpression" || node.callee.type !== "MemberExpression") return false;
  const { property } = node.callee;
  return property.type === "Identifier" && property.name === "describe";
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

function parses(text: string): boolean {
  try {
    parse(text, { ecmaVersion: "latest", sourceType: "module" });
    return true;
  } catch {
    return false;
  }
}

const turned: { readonly [operator: string]: readonly string[] } = {
  "===": ["!=="],
  "!==": ["==="],
  "<": ["<=", ">="],
  "<=": ["<", ">"],
  ">": [">=", "<="],
  ">=": [">", "<"],
  "+": ["-"],
  "-": ["+"],
  "*": ["/"],
  "%": ["*"],
  "&&": ["||"],
  "||": ["&&"],
  "??": ["&&"],
};
const otherMethod: { readonly [method: string]: string } = {
  some: "every",
  every: "some",
  toLowerCase: "toUpperCase",
  positive: "nonnegative",
};

function faultsOf(node: AnyNode, text: string): Fault[] {
  const replace = (part: AnyNode, put: string): Fault => ({ at: part.start, end: part.end, put });
  const of = (part: AnyNode): string => text.slice(part.start, part.end);
  switch (node.type) {
    case "BinaryExpression":
    case "LogicalExpression": {
      const { left, right, operator } = node;
      const puts = (turned[operator] ?? []).map((each) =>
        replace(node, `(${of(left)} ${each} ${of(right)})`),
      );
      return node.type === "BinaryExpression"
        ? puts
        : [...puts, replace(node, of(left)), replace(node, of(right))];
    }
    case "UnaryExpression":
      return node.operator === "!" || node.operator === "-" ? [replace(node, of(node.argument))] : [];
    case "Literal":
      return changedLiteral(node.value).map((put) => replace(node, put));
    case "TemplateLiteral":
      return [replace(node, '""')];
    case "ConditionalExpression":
      return [replace(node, `(${of(node.consequent)})`), replace(node, `(${of(node.alternate)})`)];
    case "IfStatement":
      return [replace(node.test, "true"), replace(node.test, "false"), replace(node.consequent, "{}")];
    case "ReturnStatement":
      // In place of `false` it would be the same to every caller, and would not compile.
      return node.argument == null || of(node.argument) === "false"
        ? []
        : [replace(node.argument, "undefined")];
    case "ExpressionStatement":
    case "ContinueStatement":
      return [replace(node, ";")];
    case "ForOfStatement":
      return [replace(node.body, "{}")];
    case "ArrowFunctionExpression":
      return node.body.type === "BlockStatement" ? [] : [replace(node.body, "undefined")];
    case "ArrayExpression":
      return node.elements.flatMap((each) => (each === null ? [] : [withoutOne(each, text)]));
    case "ObjectExpression":
      return node.properties.map((each) => withoutOne(each, text));
    case "MemberExpression": {
      const other = node.property.type === "Identifier" ? otherMethod[node.property.name] : undefined;
      return other === undefined ? [] : [replace(node.property, other)];
    }
    default:
      return [];
  }
}

function withoutOne({ start, end }: AnyNode, text: string): Fault {
  const comma = /^\s*,/.exec(text.slice(end))?.[0].length ?? 0;
  return { at: start, end: end + comma, put: "" };
}

function changedLiteral(value: unknown): string[] {
  if (typeof value === "boolean") return [String(!value)];
  if (typeof value === "number") return [String(value + 1), ...(value === 0 ? [] : ["0"])];
  if (typeof value === "string") return [value === "" ? '"mutant"' : '""'];
  return [];
}
