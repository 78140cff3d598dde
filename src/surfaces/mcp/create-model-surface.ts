/**
 * Decides what a model is shown: the two constant tools, or, for a fleet so small that it needs no search,
 * `execute` with every signature in its description. What was decided stays until the tools themselves
 * change, so that a prompt cache stays warm; nothing is ever waited for.
 */
import type { Tool } from "@modelcontextprotocol/server";
import type { Catalog, Codemode } from "../../index.ts";
import { executeTool, searchTool } from "./tool-definitions.ts";

/** `auto` inlines what fits `autoTokens`; `inline` whatever there is, `search` nothing. */
export type SurfaceMode = "auto" | "search" | "inline";

export interface ModelSurface extends Disposable {
  readonly mode: SurfaceMode;
  tools(): Promise<Tool[]>;
  /** Calls back when `tools` would answer otherwise than it last did. */
  onChange(listener: () => void): Disposable;
}

export interface SurfaceOptions {
  /** Default `search`. */
  readonly mode?: SurfaceMode;
  /** o200k tokens that inlined signatures may take at `auto`. Default 1,200. */
  readonly autoTokens?: number;
}

const constantTools = [searchTool, executeTool];
/** At `inline` the operator has decided; this only keeps a mistake from filling a client's memory. */
const mostInlineTokens = 200_000;
/** Sources often change one after the other. */
const settleMs = 200;
const patienceMs = 100;

export function createModelSurface(codemode: Codemode, options: SurfaceOptions = {}): ModelSurface {
  const { mode = "search", autoTokens = 1_200 } = options;
  const listeners = new Set<() => void>();
  let decided: { readonly key: string; readonly tools: Tool[] } = { key: "", tools: constantTools };
  let timer: NodeJS.Timeout | undefined;

  async function tools(): Promise<Tool[]> {
    if (mode === "search" || codemode.sources().some(isUnknown)) return constantTools;
    const catalog = await Promise.race([codemode.catalog(), patience()]);
    if (catalog === undefined) return decided.tools;
    const key = toKey(catalog);
    if (key === decided.key) return decided.tools;
    const inlined = codemode.inline({ tokens: mode === "auto" ? autoTokens : mostInlineTokens });
    decided = { key, tools: inlined === undefined ? constantTools : withSignatures(inlined) };
    return decided.tools;
  }

  async function announce(): Promise<void> {
    const before = decided.tools;
    if ((await tools()) !== before) for (const listener of listeners) listener();
  }

  const subscription =
    mode === "search"
      ? undefined
      : codemode.onChange(() => {
          clearTimeout(timer);
          timer = setTimeout(() => void announce(), settleMs);
          timer.unref();
        });
  return {
    mode,
    tools,
    onChange: (listener) => {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
    [Symbol.dispose]: () => {
      clearTimeout(timer);
      subscription?.[Symbol.dispose]();
    },
  };
}

/** Nothing is known of it yet, and asking for the catalog would wait for it. */
function isUnknown({ status, tools, kept }: ReturnType<Codemode["sources"]>[number]): boolean {
  return tools === 0 && !kept && (status.state === "idle" || status.state === "starting");
}

/** A source may be connected and still be listing; the definitions do not wait for it. */
function patience(): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(undefined), patienceMs).unref();
  });
}

/** Shapes learned from answers are not in it: they would change the description with every call. */
function toKey({ tools }: Catalog): string {
  return [...tools.values()].map(({ path, hash, effect }) => `${path} ${hash} ${effect}`).join("\n");
}

function withSignatures(inlined: string): Tool[] {
  const description = `${executeTool.description}\n\nAll tools there are; none needs to be searched for:\n\n\`\`\`ts\n${inlined}\n\`\`\``;
  return [searchTool, { ...executeTool, description }];
}
