/**
 * Looks closer at a place of a snippet in which the checker found something: the syntax around it, the types
 * of what stands there, and where those types come from.
 */
import type { Expression, Node, SourceFile } from "typescript/unstable/ast";
import { isCallExpression, isNewExpression, SyntaxKind } from "typescript/unstable/ast";
import type { Project, Type } from "typescript/unstable/async";
import { describeCall, describeType } from "./describe-type.ts";

/** Where a type was declared: by a tool or the sandbox, by the language, or in the snippet. */
export type TypeOrigin = "declared" | "language" | "snippet" | "nowhere";

export class SnippetProbe {
  readonly #project: Project;
  readonly #source: SourceFile;
  readonly #text: string;

  constructor(project: Project, source: SourceFile, text: string) {
    this.#project = project;
    this.#source = source;
    this.#text = text;
  }

  /** The innermost node at a position. */
  nodeAt(position: number): Node {
    let found: Node = this.#source;
    const enter = (node: Node): Node | undefined => {
      if (position < node.pos || position >= node.end) return undefined;
      found = node;
      return node.forEachChild(enter) ?? node;
    };
    this.#source.forEachChild(enter);
    return found;
  }

  /** The node from which on outwards a place is covered up to its end. */
  nodeSpanning(innermost: Node, end: number): Node {
    let at = innermost;
    for (let outer = parentOf(at); outer !== undefined && at.end < end; outer = parentOf(at)) at = outer;
    return at;
  }

  /** The node's text in one line, at most 80 characters. */
  textOf(node: Node): string {
    return this.textBetween(node.pos, node.end);
  }

  textBetween(start: number, end: number): string {
    const text = this.#text.slice(start, end).trim().replaceAll(/\s+/g, " ");
    return text.length > 80 ? `${text.slice(0, 79)}…` : text;
  }

  async typeOf(node: Node): Promise<Type | undefined> {
    return this.#project.checker.getTypeAtLocation(node);
  }

  async typeText(type: Type): Promise<string> {
    return this.#project.checker.typeToString(type);
  }

  /** The type with its properties instead of its name, at most `length` characters. */
  async describe(type: Type, length: number): Promise<string> {
    return describeType(this.#project.checker, type, length);
  }

  /** What a function takes, and what it answers when asked for; `undefined` if it is none. */
  async describeCall(
    type: Type,
    options: { readonly length: number; readonly answer: boolean },
  ): Promise<string | undefined> {
    return describeCall(this.#project.checker, type, options);
  }

  async propertiesOf(
    type: Type,
  ): Promise<readonly { readonly name: string; type(): Promise<Type | undefined> }[]> {
    const { checker } = this.#project;
    const symbols = await checker.getPropertiesOfType(type);
    return symbols.map((symbol) => ({ name: symbol.name, type: () => checker.getTypeOfSymbol(symbol) }));
  }

  async isArray(type: Type): Promise<boolean> {
    return this.#project.checker.isArrayType(type);
  }

  async originOf(type: Type): Promise<TypeOrigin> {
    if (type.isUnionType()) {
      const origins = await Promise.all((await type.getTypes()).map((member) => this.originOf(member)));
      return (
        (["declared", "snippet", "language"] as const).find((origin) => origins.includes(origin)) ?? "nowhere"
      );
    }
    if (type.isTypeReference() && (await this.isArray(type))) {
      const [item] = await this.#project.checker.getTypeArguments(type);
      if (item !== undefined) return this.originOf(item);
    }
    const symbol = (await type.getSymbol()) ?? (await type.getAliasSymbol());
    if (symbol === undefined) return type.isIntrinsicType() || type.isLiteralType() ? "language" : "nowhere";
    return originOfPaths(symbol.declarations.map(({ path }) => path));
  }

  /** Where the function called was declared; `nowhere` when it is not known. */
  async originOfCall(call: Node): Promise<TypeOrigin> {
    const signature = await this.#project.checker.getResolvedSignature(call);
    const path = signature?.declaration?.path;
    const isOurs = /^(?:tools|codemode)\b/.test(this.textOf(call));
    if (path === undefined) return isOurs ? "declared" : "nowhere";
    // Timers, URLs and the like convert what they are given, as the rest of the language does.
    return path.endsWith("/prelude.d.ts") && !isOurs ? "language" : originOfPaths([path]);
  }

  /** What the place wants, by what stands around it. */
  async wantedAt(expression: Expression): Promise<Type | undefined> {
    return this.#project.checker.getContextualType(expression);
  }
}

/** The call whose argument (or callee) a node is, without leaving the function body it stands in. */
export function enclosingCall(node: Node): { readonly call: Node; readonly callee: Node } | undefined {
  for (let at: Node | undefined = node; at !== undefined; at = parentOf(at)) {
    if (isCallExpression(at) || isNewExpression(at)) return { call: at, callee: at.expression };
    if (at.kind === SyntaxKind.Block || at.kind === SyntaxKind.SourceFile) return undefined;
  }
  return undefined;
}

export function parentOf(node: Node): Node | undefined {
  return node.kind === SyntaxKind.SourceFile ? undefined : node.parent;
}

function originOfPaths(paths: readonly string[]): TypeOrigin {
  if (paths.some((path) => path.includes("/sources/") || path.endsWith("/prelude.d.ts"))) return "declared";
  if (paths.some((path) => path.endsWith("library.d.ts"))) return "language";
  return paths.length === 0 ? "nowhere" : "snippet";
}
