/**
 * Finds the function that a program means to be run where it only declares functions and calls none: by its name, or
 * because it is the one that nothing else uses. A program that would do nothing is refused, since its success would
 * be taken for that of what it says.
 */
import type { ModuleDeclaration, Statement } from "acorn";
import { CodemodeError } from "../errors.ts";

type Node = Statement | ModuleDeclaration;

export interface Entry {
  readonly name: string;
  /** Its first parameter is taken apart: `({ tools }) =>`. */
  readonly takesPattern: boolean;
}

/** Names that are called when nothing in the program does. */
const entryNames = new Set(["main", "run", "default", "handler", "execute"]);

/** Throws `snippet_empty` when the program only declares, and which function is meant cannot be told. */
export function findEntry(body: readonly Node[]): Entry | undefined {
  const declared = body.flatMap(declaredFunctions);
  const unused = declared.filter(({ entry, node }) => !isUsed(entry.name, node, body));
  const named = unused.find(({ entry }) => entryNames.has(entry.name));
  if (named !== undefined) return named.entry;
  if (!body.every(onlyDeclares)) return undefined;
  const [only, ...others] = unused;
  if (only !== undefined && others.length === 0) return only.entry;
  throw nothingCalled((unused.length > 0 ? unused : declared).map(({ entry }) => entry.name));
}

interface Declared {
  readonly entry: Entry;
  readonly node: object;
}

function declaredFunctions(node: Node): Declared[] {
  if (node.type === "ExportNamedDeclaration" && node.declaration) return declaredFunctions(node.declaration);
  if (node.type === "FunctionDeclaration")
    return [{ entry: { name: node.id.name, takesPattern: node.params[0]?.type === "ObjectPattern" }, node }];
  if (node.type !== "VariableDeclaration") return [];
  return node.declarations.flatMap((each) => {
    const { id, init } = each;
    if (id.type !== "Identifier" || !init || !isFunction(init.type)) return [];
    const takesPattern = "params" in init && init.params[0]?.type === "ObjectPattern";
    return [{ entry: { name: id.name, takesPattern }, node: each }];
  });
}

function isFunction(type: string): boolean {
  return type === "ArrowFunctionExpression" || type === "FunctionExpression";
}

/** Whether the name stands anywhere but in its own declaration. */
function isUsed(name: string, own: object, nodes: readonly unknown[]): boolean {
  const left: unknown[] = [...nodes];
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if (typeof node !== "object" || node === null || node === own) continue;
    if ("type" in node && node.type === "Identifier" && "name" in node && node.name === name) return true;
    left.push(...Object.values(node).filter((each) => each !== undefined));
  }
  return false;
}

function onlyDeclares(node: Node): boolean {
  switch (node.type) {
    case "FunctionDeclaration":
    case "ClassDeclaration":
    case "EmptyStatement":
      return true;
    case "ExportNamedDeclaration":
      return !node.declaration || onlyDeclares(node.declaration);
    case "VariableDeclaration":
      return node.declarations.every(({ init }) => !init || isFunction(init.type) || !doesSomething(init));
    default:
      return false;
  }
}

const doing = new Set([
  "CallExpression",
  "NewExpression",
  "AwaitExpression",
  "TaggedTemplateExpression",
  "ImportExpression",
]);

/** Functions inside do nothing until they are called. */
function doesSomething(expression: object): boolean {
  const left: unknown[] = [expression];
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if (typeof node !== "object" || node === null) continue;
    const type = "type" in node ? String(node.type) : "";
    if (doing.has(type)) return true;
    if (isFunction(type)) continue;
    left.push(...Object.values(node).filter((each) => each !== undefined));
  }
  return false;
}

function nothingCalled(names: readonly string[]): CodemodeError {
  const [last = "main"] = names.slice(-1);
  const what =
    names.length === 0
      ? "The program only declares values"
      : `The program only declares ${names.slice(0, 5).join(", ")} and calls ${names.length === 1 ? "it" : "none of them"}`;
  return new CodemodeError("snippet_empty", `${what}: nothing would be done.`, {
    hint: names.length === 0 ? "Return what is wanted." : `End the program with: return await ${last}();`,
  });
}
