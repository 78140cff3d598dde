/**
 * `tools` and `codemode`: a proxy that gathers the path and, when called, issues the call. It knows no names;
 * the host does.
 */

type Issue = (path: readonly string[], args: readonly unknown[]) => Promise<unknown>;

/** `own` are functions that the guest answers by itself. */
export function createPathProxy(
  name: "tools" | "codemode",
  issue: Issue,
  own: ReadonlyMap<string, unknown> = new Map(),
): object {
  const refuse = (what: string) => (): never => {
    throw new TypeError(`${name} cannot be ${what}. Use codemode.search("what you need") to find tools.`);
  };
  const traps: ProxyHandler<object> = {
    ownKeys: refuse("listed"),
    has: refuse("probed with `in`"),
    set: refuse("assigned to"),
    defineProperty: refuse("assigned to"),
    deleteProperty: refuse("changed"),
    setPrototypeOf: refuse("changed"),
    preventExtensions: refuse("changed"),
    getPrototypeOf: () => null,
    getOwnPropertyDescriptor: () => undefined,
  };

  /** Symbols and `then` are undefined, so that awaiting or printing a namespace is no call. */
  function at(path: readonly string[]): object {
    return new Proxy(() => {}, {
      ...traps,
      get(_target, key) {
        if (typeof key === "symbol" || key === "then") return undefined;
        return path.length === 0 && own.has(key) ? own.get(key) : at([...path, key]);
      },
      apply(_target, _self, args: unknown[]) {
        if (path.length > 0) return issue(path, args);
        throw new TypeError(`${name} is no function: call ${name}.<name>(…).`);
      },
    });
  }

  return at([]);
}
