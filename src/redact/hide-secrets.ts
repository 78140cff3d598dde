/**
 * Puts a source behind its secrets: whatever it answers, throws, lists, asks or says of itself passes the one function
 * that takes them out. What comes after it (journal, logs, texts for the model, console) has never seen them.
 */
import type { CallContext, Source } from "../spec/source.ts";
import { createSecrets, type Secrets } from "./create-secrets.ts";

/**
 * The source, with these secrets taken out of everything that comes from it. For sources whose own code knows them, such
 * as functions that call an API; sources of a configuration are made so already.
 */
export function hideSecrets(source: Source, secrets: Iterable<string> | Secrets): Source {
  const hidden = isSecrets(secrets) ? secrets : createSecrets(secrets);
  const guarded =
    <Args extends readonly unknown[], T>(work: (...args: Args) => Promise<T>) =>
    async (...args: Args): Promise<T> => {
      try {
        return hidden.value(await work(...args));
      } catch (thrown) {
        throw hidden.error(thrown);
      }
    };
  const wrapped: Partial<Source> = {
    list: guarded((options: Parameters<Source["list"]>[0]) => source.list(options)),
    call: guarded((call: Parameters<Source["call"]>[0], context: CallContext) =>
      source.call(call, guardContext(context, hidden)),
    ),
    status: () => hidden.value(source.status()),
    ...(source.revert !== undefined && {
      revert: guarded(async (...[call, answer, context]: Parameters<NonNullable<Source["revert"]>>) =>
        source.revert?.(call, answer, guardContext(context, hidden)),
      ),
    }),
    ...(source.feature !== undefined && {
      feature: guarded(async (...[request, context]: Parameters<NonNullable<Source["feature"]>>) =>
        source.feature?.(request, guardContext(context, hidden)),
      ),
    }),
  };
  return new Proxy(source, {
    get: (target, key): unknown => {
      const own: unknown = Reflect.get(wrapped, key);
      if (own !== undefined) return own;
      const value: unknown = Reflect.get(target, key);
      return typeof value === "function"
        ? (...args: unknown[]): unknown => Reflect.apply(value, target, args)
        : value;
    },
  });
}

/** What a source says and asks before it answers. */
function guardContext(context: CallContext, hidden: Secrets): CallContext {
  const { onProgress, relay } = context;
  return {
    ...context,
    ...(onProgress !== undefined && { onProgress: (progress) => onProgress(hidden.value(progress)) }),
    ...(relay !== undefined && { relay: (question) => relay(hidden.value(question)) }),
  };
}

function isSecrets(secrets: Iterable<string> | Secrets): secrets is Secrets {
  return "add" in secrets && "error" in secrets;
}
