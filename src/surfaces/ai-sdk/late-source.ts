/**
 * A source that is still to be made: by asking a client for its tools, or because a schema is a promise. It is made
 * at the first listing or call, once; one that could not be made is tried again.
 */
import { CodemodeError } from "../../errors.ts";
import { CallError, type Source } from "../../index.ts";
import { withOutcome } from "../../call-error.ts";

export interface LateSourceOptions {
  readonly name: string;
  readonly kind: string;
  readonly load: () => Promise<Source>;
}

export function createLateSource({ name, kind, load }: LateSourceOptions): Source {
  let loading: Promise<Source> | undefined;
  let loaded: Source | undefined;
  let failure: string | undefined;
  let closed = false;

  async function source(): Promise<Source> {
    if (closed)
      throw new CallError("source_unavailable", `Source "${name}" is closed.`, { outcome: "not_sent" });
    loading ??= load();
    try {
      loaded = await loading;
      failure = undefined;
      return loaded;
    } catch (thrown) {
      loading = undefined;
      failure = thrown instanceof Error ? thrown.message : String(thrown);
      if (thrown instanceof CodemodeError) throw withOutcome(thrown, "not_sent");
      throw new CallError("source_unavailable", `Source "${name}" could not be made: ${failure}`, {
        cause: thrown,
        outcome: "not_sent",
      });
    }
  }

  return {
    name,
    kind,
    // What it offers is not known yet, so no listing of an earlier start counts.
    fingerprint: crypto.randomUUID(),
    identity: async (request) =>
      request.offline === true && loaded === undefined ? { kind } : (await source()).identity(request),
    list: async (options) => (await source()).list(options),
    call: async (call, context) => (await source()).call(call, context),
    status: () => {
      if (closed) return { state: "closed" };
      if (failure !== undefined) return { state: "failed", reason: failure };
      return loaded?.status() ?? { state: loading === undefined ? "idle" : "starting" };
    },
    [Symbol.asyncDispose]: async () => {
      closed = true;
      await loaded?.[Symbol.asyncDispose]();
    },
  };
}
