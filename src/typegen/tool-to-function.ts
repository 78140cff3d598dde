/**
 * One tool as a function of a module: its documentation, its signature and the types that it needs.
 */
import type { CatalogSource, Tool } from "../spec/tool.ts";
import { indentLines } from "./indent-lines.ts";
import { callText } from "./tools-to-text.ts";
import { writeTools } from "./write-tools.ts";

export interface ToolFunction {
  /** `/** … *\/`, or empty. */
  readonly comment: string;
  /** `(args: { … }): Promise<…>`, with the parameter called `args`. */
  readonly signature: string;
  /** Declarations of every named type that the signature uses. */
  readonly declarations: readonly string[];
}

export function toolToFunction(tool: Tool, source: CatalogSource): ToolFunction {
  const { tools, types, writer, declarations } = writeTools(source, [tool]);
  const [only] = tools;
  const { comment, signature } =
    only === undefined
      ? { comment: "", signature: "(args?: any): Promise<any>" }
      : callText(only, types, writer);
  const named = /\bint\b/.test([signature, ...declarations].join("\n")) ? ["type int = number;"] : [];
  return {
    comment,
    signature: indentLines(signature),
    declarations: [...named, ...declarations.map(indentLines)],
  };
}
