/** How search gets the TypeScript of a tool: from outside, since rendering types is another room's work. */
import type { Tool } from "../spec/tool.ts";

export interface ToolSignature {
  /** `(args: { … }) => Promise<…>`. */
  readonly signature: string;
  /** Declarations of the named types the signature uses, one each. */
  readonly types: readonly string[];
  /** Something was left out to stay within the budget. */
  readonly truncated: boolean;
}

export type RenderSignature = (tool: Tool, options: { readonly tokens: number }) => ToolSignature;
