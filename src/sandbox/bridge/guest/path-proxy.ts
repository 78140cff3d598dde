/**
 * `tools` and `codemode`: a proxy that gathers the path and, when called, issues the call. It knows no names;
 * the host does.
 */

/** `below` is the function whose caller made the call. */
type Issue = (path: readonly string[], args: readonly unknown[], below: object) => Promise<unknown>;

interface Namespace {
  readonly name: "tools" | "codemode";
  readonly issue: Issue;
  /** Functions that the guest answers by itself. */
  readonly own: ReadonlyMap<string, unknown>;
}

export function createPathProxy(
  name: "tools" | "codemode",
  issue: Issue,
  own: ReadonlyMap<string, unknown> = new Map(),
): object {
  return createProxy({ name, issue, own }, []);
}

function createProxy(namespace: Namespace, path: readonly string[]): object {
  return new Proxy(() => {}, new PathHandler(namespace, path));
}

/** Steps kept below one path, so that a loop over a tool makes no proxies. */
const maxKept = 256;

/** One per step of a path. */
class PathHandler implements ProxyHandler<object> {
  readonly namespace: Namespace;
  readonly path: readonly string[];
  readonly kept: Map<string, unknown>;

  constructor(namespace: Namespace, path: readonly string[]) {
    this.namespace = namespace;
    this.path = path;
    this.kept = new Map(path.length === 0 ? namespace.own : []);
  }

  /** Symbols and `then` are undefined, so that awaiting or printing a namespace is no call. */
  get(_target: object, key: string | symbol): unknown {
    if (typeof key === "symbol" || key === "then") return undefined;
    const known = this.kept.get(key);
    if (known !== undefined) return known;
    const made = createProxy(this.namespace, [...this.path, key]);
    if (this.kept.size < maxKept) this.kept.set(key, made);
    return made;
  }

  apply(_target: object, _self: unknown, args: unknown[]): unknown {
    const { name, issue } = this.namespace;
    if (this.path.length > 0) return issue(this.path, args, applyTrap);
    throw new TypeError(`${name} is no function: call ${name}.<name>(…).`);
  }

  ownKeys(): never {
    return this.refuse("listed");
  }

  has(): never {
    return this.refuse("probed with `in`");
  }

  set(): never {
    return this.refuse("assigned to");
  }

  defineProperty(): never {
    return this.refuse("assigned to");
  }

  deleteProperty(): never {
    return this.refuse("changed");
  }

  setPrototypeOf(): never {
    return this.refuse("changed");
  }

  preventExtensions(): never {
    return this.refuse("changed");
  }

  getPrototypeOf(): null {
    return null;
  }

  getOwnPropertyDescriptor(): undefined {
    return undefined;
  }

  refuse(what: string): never {
    const { name } = this.namespace;
    throw new TypeError(`${name} cannot be ${what}. Use codemode.search("what you need") to find tools.`);
  }
}

const applyTrap: object = Reflect.get(PathHandler.prototype, "apply");
