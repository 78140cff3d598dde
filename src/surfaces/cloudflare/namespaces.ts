/**
 * The namespaces of one execution: which functions stand where, and the JavaScript that puts them before a program.
 * Names that cannot be told apart or that no program could write are refused.
 */
import { CodemodeError } from "../../errors.ts";
import { toIdentifier } from "../../index.ts";
import type { ConnectorBinding, ResolvedProvider } from "./executor.ts";

type HostFunction = (...args: unknown[]) => Promise<unknown>;

export interface Namespaces {
  /** Stands before the program in its module. */
  readonly header: string;
  /** Own names only. Throws `tool_not_found`. */
  find(path: readonly string[]): HostFunction;
}

const reserved = new Set([
  "globalThis",
  "console",
  "Promise",
  "Error",
  "setTimeout",
  "__codemode_host",
  "__codemode_namespace",
]);

/** Throws `usage` for a name that is reserved, no identifier, or taken twice. */
export function createNamespaces(
  providers: readonly ResolvedProvider[],
  connectors: readonly ConnectorBinding[],
): Namespaces {
  const spaces = new Map<string, ReadonlyMap<string, HostFunction> | ConnectorBinding["binding"]>();
  for (const { name } of [...providers, ...connectors]) refuseName(name);
  for (const { name, fns } of providers) {
    if (spaces.has(name)) throw new CodemodeError("usage", `Duplicate provider name "${name}"`);
    spaces.set(name, toFunctions(name, fns));
  }
  for (const { name, binding } of connectors) {
    if (spaces.has(name))
      throw new CodemodeError("usage", `Duplicate name "${name}" (connector clashes with provider)`);
    spaces.set(name, binding);
  }
  return {
    header: toHeader([...spaces.keys()], providers),
    find: (path) => {
      const [space = "", ...rest] = path;
      const found = spaces.get(space);
      const name = rest.join(".");
      if (found === undefined || name === "") throw notFound(path.join("."));
      if (!(found instanceof Map))
        return (first) => (found as ConnectorBinding["binding"]).callTool(name, first);
      return found.get(name) ?? throwNotFound(name);
    },
  };
}

function refuseName(name: string): void {
  if (reserved.has(name)) throw new CodemodeError("usage", `Provider name "${name}" is reserved`);
  // What an identifier is made of differs from the name where that is none.
  if (toIdentifier(name) !== name)
    throw new CodemodeError("usage", `Provider name "${name}" is not a valid JavaScript identifier`);
}

function toFunctions(provider: string, fns: ResolvedProvider["fns"]): ReadonlyMap<string, HostFunction> {
  const functions = new Map<string, HostFunction>();
  const origins = new Map<string, string>();
  for (const [name, fn] of Object.entries(fns)) {
    const identifier = toIdentifier(name);
    const other = origins.get(identifier);
    if (other !== undefined)
      throw new CodemodeError(
        "usage",
        `Tool names "${other}" and "${name}" both sanitize to "${identifier}" in provider "${provider}"`,
      );
    origins.set(identifier, name);
    functions.set(identifier, fn);
  }
  return functions;
}

/** A prelude may assign to its namespace; what it assigns comes before the host's functions. */
function toHeader(names: readonly string[], providers: readonly ResolvedProvider[]): string {
  const preludes = providers.flatMap(({ prelude }) => (prelude === undefined ? [] : [prelude]));
  return [
    "const __codemode_host = globalThis.tools;",
    "const __codemode_namespace = (name) => new Proxy({}, { get: (own, key) => Object.hasOwn(own, key) ? own[key] : typeof key !== 'string' || key === 'then' ? undefined : (...args) => __codemode_host[name][key](...args) });",
    ...names.map((name) => `const ${name} = __codemode_namespace(${JSON.stringify(name)});`),
    ...preludes,
    "",
  ].join("\n");
}

function throwNotFound(name: string): never {
  throw notFound(name);
}

function notFound(name: string): CodemodeError {
  return new CodemodeError("tool_not_found", `Tool "${name.slice(0, 200)}" not found`);
}
