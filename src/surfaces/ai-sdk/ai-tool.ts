/**
 * What a tool of the AI SDK looks like, in the parts that its majors 6 and 7 share, and which of them a program
 * can call. Read structurally: nothing of the SDK is loaded, so that one build serves every major.
 */

/** A tool as `tool()`, `dynamicTool()` and providers make it, or a bare `{ description, execute }`. */
export interface AiTool {
  /** In major 7 it may be a function of the call's context, which is unknown here: such a one is left out. */
  readonly description?: string | ((options: never) => string) | undefined;
  readonly title?: string | undefined;
  /** zod, any Standard Schema, `jsonSchema()` or a lazy schema. */
  readonly inputSchema?: unknown;
  readonly outputSchema?: unknown;
  readonly execute?: ((input: never, options: never) => unknown) | undefined;
  readonly needsApproval?: NeedsApproval | undefined;
  readonly type?: string | undefined;
  readonly isProviderExecuted?: boolean | undefined;
}

export type NeedsApproval = boolean | ((input: never, options: never) => boolean | PromiseLike<boolean>);

export interface AiTools {
  readonly [name: string]: AiTool;
}

/** One that the SDK itself executes: all others are somebody else's to call. */
export type ExecutableTool = AiTool & { readonly execute: NonNullable<AiTool["execute"]> };

/** What the SDK hands to `execute` and `needsApproval`, as far as it is passed on. */
export interface AiCallOptions<Context = unknown> {
  readonly toolCallId: string;
  readonly messages: readonly unknown[];
  readonly abortSignal?: AbortSignal | undefined;
  /** Major 7. */
  readonly context?: Context;
  /** Major 6. */
  readonly experimental_context?: unknown;
}

export function isAiTool(entry: unknown): entry is AiTool {
  if (typeof entry !== "object" || entry === null || Array.isArray(entry)) return false;
  if (hasFunction(entry, "execute")) return true;
  return "inputSchema" in entry || ("type" in entry && entry.type === "provider");
}

export function isExecutable(tool: AiTool): tool is ExecutableTool {
  return typeof tool.execute === "function" && tool.isProviderExecuted !== true;
}

/** Own members only: a name on a prototype is nobody's tool. */
export function isToolSet(entry: unknown): entry is AiTools {
  if (typeof entry !== "object" || entry === null || Array.isArray(entry)) return false;
  const members = Object.values(entry);
  return members.length > 0 && members.every(isAiTool);
}

export function hasFunction<Name extends string>(
  entry: object,
  name: Name,
): entry is { readonly [key in Name]: (...args: never) => unknown } {
  return typeof Reflect.get(entry, name) === "function";
}
