/**
 * A small fleet needs no search: all of its tools as text for the description of `execute`, if they fit.
 */
import { estimateTokens } from "../estimate-tokens.ts";
import type { Catalog, Tool } from "../spec/tool.ts";
import { modelTokens } from "./model-tokens.ts";
import { firstSentence } from "./to-one-line.ts";
import type { RenderSignature } from "./tool-signature.ts";

export interface InlineOptions {
  readonly signature: RenderSignature;
  /** o200k tokens that all signatures together may take. Default 1,200. */
  readonly tokens?: number;
}

const defaultTokens = 1200;
const descriptionChars = 100;
/** No tool takes less than this; more tools than fit need not be rendered to know that they do not. */
const leastPerTool = 8;

/** Every tool with its complete signature; `undefined` when they do not fit, or when there are none. */
export function catalogToInline(catalog: Catalog, options: InlineOptions): string | undefined {
  const tokens = modelTokens(options.tokens ?? defaultTokens);
  if (catalog.tools.size === 0 || catalog.tools.size * leastPerTool > tokens) return undefined;
  const lines: string[] = [];
  const types = new Set<string>();
  let left = tokens;
  for (const tool of catalog.tools.values()) {
    const rendered = options.signature(tool, { tokens: left });
    if (rendered.truncated) return undefined;
    const fresh = rendered.types.filter((type) => !types.has(type));
    const line = `${describe(tool)}tools.${tool.path}: ${rendered.signature}`;
    left -= [line, ...fresh].reduce((sum, text) => sum + estimateTokens(text) + 1, 0);
    if (left < 0) return undefined;
    lines.push(line);
    for (const type of fresh) types.add(type);
  }
  return [...lines, ...types].join("\n");
}

function describe(tool: Tool): string {
  const text = firstSentence(
    tool.description === "" ? (tool.title ?? "") : tool.description,
    descriptionChars,
  );
  return text === "" ? `// [${tool.effect}]\n` : `// ${text} [${tool.effect}]\n`;
}
