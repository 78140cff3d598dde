/**
 * `codemode.resources.list/read` and `codemode.prompts.list/get`: what a source offers besides tools. All of it reads, and
 * the policy is asked as for any read of the source; what it would ask a person about is refused.
 */
import { CodemodeError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import { isRecord } from "../schema/is-record.ts";
import type { FeatureRequest } from "../spec/source.ts";
import type { Tool } from "../spec/tool.ts";
import type { Value } from "../spec/value.ts";
import type { BuiltinCall, Builtins } from "./call-builtin.ts";
import { callWithDeadline } from "./call-with-deadline.ts";
import type { DispatchContext } from "./dispatch.ts";

const usages = {
  "resources.list": 'codemode.resources.list("docs")',
  "resources.read": 'codemode.resources.read("docs", "file:///guide.md")',
  "prompts.list": 'codemode.prompts.list("docs")',
  "prompts.get": 'codemode.prompts.get("docs", "summary", { topic: "…" })',
} as const;
type Feature = keyof typeof usages;

export function createFeatureBuiltins(context: DispatchContext): Builtins {
  const entry = (kind: Feature) => [kind, (call: BuiltinCall) => answer(kind, call, context)] as const;
  return new Map([
    entry("resources.list"),
    entry("resources.read"),
    entry("prompts.list"),
    entry("prompts.get"),
  ]);
}

async function answer(kind: Feature, { seq, args }: BuiltinCall, context: DispatchContext): Promise<Value> {
  const { record, limits, signal, principal } = context;
  const [name, ...rest] = args;
  const request = readRequest(kind, rest);
  if (typeof name !== "string" || request === undefined)
    throw new CodemodeError("usage", `codemode.${kind} takes other arguments.`, {
      hint: `Call it as ${usages[kind]}.`,
    });
  const asked = record.calls.rows.filter(
    (row) => row.seq <= seq && row.kind === "builtin" && row.path in usages,
  );
  if (asked.length > limits.calls)
    throw new CodemodeError("call_limit", `A run may read resources and prompts ${limits.calls} times.`);
  const source = context.source(name);
  if (source === undefined) {
    const near = nearest(
      name.slice(0, 100),
      context.catalog.sources.map((each) => each.name),
      1,
    )[0];
    throw new CodemodeError("source_unavailable", `There is no source "${name.slice(0, 100)}".`, {
      hint: near === undefined ? "The sources are the names below tools." : `Did you mean "${near}"?`,
    });
  }
  if (source.feature === undefined)
    throw new CodemodeError(
      "unsupported",
      `The source "${name}" (${source.kind}) has no ${kind.split(".", 1)[0] ?? ""}.`,
      {
        hint: "Only MCP servers have them.",
      },
    );
  const read = toRead(name, kind);
  refuse(read, request, context);
  const ask = source.feature.bind(source);
  return callWithDeadline(read, { signal, timeoutMs: limits.callMs }, async (clock) => {
    await record.use(name, clock.signal);
    return ask(request, {
      signal: clock.signal,
      timeoutMs: limits.callMs,
      principal,
      runId: record.runId,
      seq,
      maxResultBytes: limits.resultBytes,
    });
  });
}

function readRequest(kind: Feature, [first, second]: readonly Value[]): FeatureRequest | undefined {
  switch (kind) {
    case "resources.list":
    case "prompts.list":
      return { kind };
    case "resources.read":
      return typeof first === "string" ? { kind, uri: first } : undefined;
    case "prompts.get": {
      const given: unknown = second ?? {};
      if (typeof first !== "string" || !isRecord(given)) return undefined;
      const args = Object.entries(given).flatMap(([name, value]) =>
        typeof value === "string" ? [[name, value] as const] : [],
      );
      return args.length === Object.keys(given).length
        ? { kind, name: first, args: Object.fromEntries(args) }
        : undefined;
    }
  }
}

/** What a policy is shown: a read of this source. */
function toRead(source: string, kind: Feature): Tool {
  return {
    path: `${source}.${kind}`,
    source,
    segments: kind.split("."),
    upstreamName: kind,
    description: "",
    input: true,
    effect: "read",
    effectOrigin: "default",
    tags: [],
    deprecated: false,
    hash: "",
  };
}

function refuse(tool: Tool, request: FeatureRequest, { policy, principal, record }: DispatchContext): void {
  const { decision, reason } = policy({
    tool,
    args: { ...request },
    principal,
    now: Date.now(),
    run: { id: record.runId, made: record.calls.made.byEffect, times: record.calls.made.times, labels: [] },
  });
  if (decision === "allow") return;
  throw new CodemodeError(
    "call_denied",
    `codemode.${tool.upstreamName} of "${tool.source}" was refused: ${reason}`,
    {
      hint: "Do without it; trying again will be refused again.",
    },
  );
}
