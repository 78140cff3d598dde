/**
 * An object on which every path is a tool: `tools.github.issues.create(args)` becomes one call with the path
 * `github.issues.create`. Whether there is such a tool is known where the call arrives; types are its users'.
 */

/** Makes one call and answers with the tool's result. */
export type CallTool = (path: string, args: unknown) => Promise<unknown>;

/** What JavaScript and its tools ask every object for; no tool has these names (they get a `_`). */
const neverTools = new Set([
  "then",
  "toJSON",
  "toString",
  "valueOf",
  "constructor",
  "prototype",
  "__proto__",
  "hasOwnProperty",
]);

export function createToolsProxy(call: CallTool): object {
  return groupAt([], call);
}

function groupAt(path: readonly string[], call: CallTool): object {
  // A function, so that it can be called; without a prototype of its own, so that nothing is found on it.
  const target = Object.setPrototypeOf(() => undefined, null);
  return new Proxy(target, {
    get: (_target, name) =>
      typeof name === "symbol" || neverTools.has(name) ? undefined : groupAt([...path, name], call),
    apply: (_target, _this, [args]) => call(path.join("."), args ?? {}),
    set: () => false,
    defineProperty: () => false,
    deleteProperty: () => false,
  });
}
