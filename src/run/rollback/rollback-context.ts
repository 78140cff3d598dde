/**
 * What a rollback may use beyond any other run: for each write of the run it undoes, a tool that reverts that
 * one call. Only runs that the host began as rollbacks have it; no snippet can name itself one.
 */
import { randomUUID } from "node:crypto";
import { CodemodeError } from "../../errors.ts";
import type { CallRow } from "../../spec/journal.ts";
import type { Source } from "../../spec/source.ts";
import type { Catalog, Tool } from "../../spec/tool.ts";
import type { Value } from "../../spec/value.ts";
import type { ExecuteContext } from "../execute-context.ts";
import { callToUndo } from "./plan-rollback.ts";
import { undoSource } from "./steps-to-snippet.ts";

/** Ids of runs are made by the host: `run_` for snippets, `undo_` for rollbacks. */
export function toRollbackId(runId: string, attempt: number): string {
  return `undo_${runId.replace(/^run_/, "")}_${attempt}`;
}

function toUndoneId(rollbackId: string): string | undefined {
  const id = /^undo_(.+)_\d+$/.exec(rollbackId)?.[1];
  return id === undefined ? undefined : `run_${id}`;
}

/** The context that a session of the run is given. */
export async function toRunContext(runId: string, context: ExecuteContext): Promise<ExecuteContext> {
  const undone = toUndoneId(runId);
  if (undone === undefined) return context;
  const calls = (await context.journal.calls(undone)).filter(({ state }) => state === "done");
  // Names that no upstream can have given to a tool of its own.
  const reverts = new Map(calls.map((call) => [`undo ${randomUUID()}`, call]));
  return {
    ...context,
    check: "off",
    catalog: async (signal) => withReverts(await context.catalog(signal), reverts),
    source: (name) => withRevert(context, name, reverts),
    builtins: new Map([...context.builtins, ["rollbackIncomplete", incomplete]]),
    answered: () => undefined,
  };
}

/** Each is its original in all that a policy looks at. */
function withReverts(catalog: Catalog, reverts: ReadonlyMap<string, CallRow>): Catalog {
  const tools = new Map(catalog.tools);
  for (const [upstreamName, { seq, path, definition }] of reverts) {
    const tool = catalog.tools.get(path);
    if (tool?.revertible !== true || tool.hash !== definition) continue;
    const revert: Tool = { ...tool, upstreamName, input: { type: "object" } };
    tools.set(`${undoSource}.call_${seq}`, revert);
  }
  return { ...catalog, tools };
}

function withRevert(
  { source: find, catalog }: ExecuteContext,
  name: string,
  reverts: ReadonlyMap<string, CallRow>,
): Source | undefined {
  const source = find(name);
  if (source === undefined) return undefined;
  return {
    name: source.name,
    kind: source.kind,
    fingerprint: source.fingerprint,
    identity: (request) => source.identity(request),
    list: (options) => source.list(options),
    status: () => source.status(),
    // The core's own, which a run never closes.
    [Symbol.asyncDispose]: () => Promise.resolve(),
    call: async (call, context) => {
      const undone = reverts.get(call.upstreamName);
      if (undone === undefined) return source.call(call, context);
      const { args, result } = callToUndo(undone);
      const upstreamName = (await catalog(context.signal)).tools.get(undone.path)?.upstreamName ?? "";
      await source.revert?.({ upstreamName, args }, result, context);
      return { value: undefined, labels: [] };
    },
  };
}

async function incomplete({ args: [failed, steps] }: { readonly args: readonly Value[] }): Promise<Value> {
  const reasons = Array.isArray(failed) ? failed.map(String) : [];
  throw new CodemodeError(
    "rollback_incomplete",
    `${reasons.length} of ${typeof steps === "number" ? steps : 0} writes were not undone:\n${reasons.map((each) => `- ${each}`).join("\n")}`,
    { hint: "Undo these by hand, or roll back again: what is undone stays undone." },
  );
}
