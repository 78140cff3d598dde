/**
 * A checker that is loaded when it is first needed, or shortly after a start: a server answers its first client
 * before it loads a compiler's client.
 */
import type { Checker } from "../spec/check.ts";

export interface LazyCheckerOptions {
  readonly prelude: string;
  /** Whether it is loaded soon in any case; a single command loads it when it has something to check. */
  readonly warm: boolean;
}

/** After the first answers of a server that has just started. */
const warmMs = 500;

export function createLazyChecker({ prelude, warm }: LazyCheckerOptions): Checker {
  let checker: Promise<Checker> | undefined;
  const open = (): Promise<Checker> =>
    (checker ??= import("./create-checker.ts").then(({ createChecker }) => createChecker({ prelude })));
  const warming = warm ? setTimeout(() => void open(), warmMs).unref() : undefined;
  return {
    check: async (request) => (await open()).check(request),
    [Symbol.asyncDispose]: async () => {
      clearTimeout(warming);
      await (await checker)?.[Symbol.asyncDispose]();
    },
  };
}
