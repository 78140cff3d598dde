/**
 * Adds to what a source says about its own entry where in the configuration that entry stands. The
 * connectors know the fields they were given, but no file.
 */
import { CallError } from "../../call-error.ts";
import { CodemodeError } from "../../errors.ts";
import type { Source, SourceStatus } from "../../spec/source.ts";
import { formatPosition } from "./config/config-text.ts";
import type { ConfigText } from "./config/config-text.ts";

/** The same source, whose failures name file, line and column of the field they name. */
export function locateSourceErrors(source: Source, text: ConfigText): Source {
  const locate = (message: string): string => withPosition(message, source.name, text);
  const rethrow = (thrown: unknown): never => {
    throw thrown instanceof CodemodeError ? located(thrown, locate) : thrown;
  };
  return {
    name: source.name,
    kind: source.kind,
    fingerprint: source.fingerprint,
    ...(source.idempotency === undefined ? {} : { idempotency: source.idempotency }),
    identity: (request) => source.identity(request).catch(rethrow),
    list: (options) => source.list(options).catch(rethrow),
    call: (call, context) => source.call(call, context).catch(rethrow),
    status: () => locatedStatus(source.status(), locate),
    [Symbol.asyncDispose]: () => source[Symbol.asyncDispose](),
    ...(source.onListChanged === undefined
      ? {}
      : { onListChanged: (listener) => subscribe(source, listener) }),
    ...(source.revert === undefined
      ? {}
      : { revert: (...args) => source.revert?.(...args) ?? Promise.resolve() }),
  };
}

const nobody: Disposable = { [Symbol.dispose]: () => {} };

function subscribe(source: Source, listener: () => void): Disposable {
  return source.onListChanged?.(listener) ?? nobody;
}

/** Only the first mention, and only when the text does not name the file already. */
function withPosition(message: string, name: string, text: ConfigText): string {
  if (message.includes(text.file)) return message;
  for (const table of ["mcpServers", "openapi", "utcp"]) {
    const at = message.indexOf(`${table}.${name}`);
    if (at === -1) continue;
    const rest = message.slice(at + table.length + 1 + name.length);
    const fields = /^(\.[A-Za-z_$][\w$-]*|\[\d+\])*/.exec(rest)?.[0] ?? "";
    const path = [table, name, ...fields.split(/[.[\]]+/).filter((part) => part !== "")];
    const end = at + table.length + 1 + name.length + fields.length;
    return `${message.slice(0, end)} (${formatPosition(text.file, text.positionOf(path.map(toPart)))})${message.slice(end)}`;
  }
  return message;
}

function toPart(part: string): string | number {
  return /^\d+$/.test(part) ? Number(part) : part;
}

function located(error: CodemodeError, locate: (message: string) => string): CodemodeError {
  const message = locate(error.message);
  const hint = error.hint === undefined || message !== error.message ? error.hint : locate(error.hint);
  if (message === error.message && hint === error.hint) return error;
  const options = {
    cause: error,
    ...(hint === undefined ? {} : { hint }),
    ...(error.data === undefined ? {} : { data: error.data }),
  };
  return error instanceof CallError
    ? new CallError(error.code, message, { ...options, outcome: error.outcome })
    : new CodemodeError(error.code, message, options);
}

function locatedStatus(status: SourceStatus, locate: (message: string) => string): SourceStatus {
  return status.reason === undefined ? status : { ...status, reason: locate(status.reason) };
}
