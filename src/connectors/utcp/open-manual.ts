/**
 * Opens a manual: fetches and reads it, and finds for each tool how it is called, or why it is not offered.
 */
import { CodemodeError } from "../../errors.ts";
import { isRecord } from "../../schema/is-record.ts";
import type { Secrets } from "../../redact/create-secrets.ts";
import type { CallContext, Source, ToolOutcome } from "../../spec/source.ts";
import type { SourceListing, ToolDefinition, ToolIssue } from "../../spec/tool.ts";
import type { Value } from "../../spec/value.ts";
import { fetchDocument } from "../openapi/fetch-document.ts";
import { createHttpClient } from "../openapi/http-client.ts";
import { fillVariables, variablesIn } from "./fill-variables.ts";
import { type HttpTool, toHttpTool } from "./http-tool.ts";
import { readManual, type ManualTool } from "./read-manual.ts";
import { requestsToApis } from "./requests-to-apis.ts";
import { runCommand, toScript } from "./run-command.ts";
import type { UtcpSourceOptions } from "./utcp-source-options.ts";

type Call = (args: Value, context: CallContext) => Promise<Pick<ToolOutcome, "value" | "inexact">>;

export interface OpenManual {
  readonly listing: SourceListing;
  readonly calls: ReadonlyMap<string, Call>;
  /** To be disposed of with the manual. */
  readonly apis: readonly Source[];
}

const loadMs = 60_000;

/** Throws `source_unavailable`, `source_timeout` and `source_invalid`. */
export async function openManual(
  name: string,
  options: UtcpSourceOptions,
  { closing, secrets }: { readonly closing: AbortSignal; readonly secrets: Secrets },
): Promise<OpenManual> {
  const { parsed, origin } = await fetchManual(name, options, closing);
  const manual = readManual(parsed, name);
  const values = new Map(Object.entries((await options.variables?.()) ?? {}));
  const issues: ToolIssue[] = [...manual.issues];
  const calls = new Map<string, Call>();
  const requests = new Map<ManualTool, HttpTool>();
  for (const tool of manual.tools) {
    const usable = toCall(tool, { options, values, requests, secrets });
    if (typeof usable === "string")
      issues.push({ upstreamName: tool.name, kind: "left_out", reason: usable });
    else if (usable !== undefined) calls.set(tool.name, usable);
  }
  const apis = requestsToApis(name, [...requests.values()], { ...options, own: origin });
  for (const [tool, request] of requests) {
    const api = apis.get(request.origin);
    if (api !== undefined)
      calls.set(tool.name, async (args, context) => {
        const call = { upstreamName: tool.name, args: request.toArguments(args) };
        const { value, inexact = [] } = await api.call(call, context);
        return { value, inexact };
      });
  }
  const offered = manual.tools.filter((tool) => calls.has(tool.name));
  return {
    apis: [...apis.values()],
    calls,
    listing: { tools: offered.map((tool) => toDefinition(tool, requests.get(tool))), issues },
  };
}

async function fetchManual(
  name: string,
  { manual }: UtcpSourceOptions,
  closing: AbortSignal,
): Promise<{ readonly parsed: unknown; readonly origin: string | undefined }> {
  if (typeof manual === "object") return { parsed: manual, origin: undefined };
  using http = createHttpClient({ connections: 1 });
  const signal = AbortSignal.any([closing, AbortSignal.timeout(loadMs)]);
  const fetched = await fetchDocument(manual, { source: name, http, signal });
  if (!("text" in fetched)) throw new CodemodeError("internal", "A manual was asked for with conditions.");
  const origin = fetched.from === undefined ? undefined : new URL(fetched.from.url).origin;
  try {
    return { parsed: JSON.parse(fetched.text), origin };
  } catch (cause) {
    throw new CodemodeError("source_invalid", `What "${name}" names is no UTCP manual: it is no JSON.`, {
      cause,
    });
  }
}

interface CallPlace {
  readonly options: UtcpSourceOptions;
  readonly values: ReadonlyMap<string, string>;
  readonly requests: Map<ManualTool, HttpTool>;
  readonly secrets: Secrets;
}

/** How the tool is called, why it is not offered, or nothing for one that was put among the requests. */
function toCall(
  tool: ManualTool,
  { options, values, requests, secrets }: CallPlace,
): Call | string | undefined {
  const { template } = tool;
  const kind = template["call_template_type"] ?? template["provider_type"];
  switch (kind) {
    case "http": {
      const request = toHttpTool(tool, values);
      if (typeof request === "string") return request;
      requests.set(tool, request);
      return undefined;
    }
    case "text": {
      const { content } = template;
      return typeof content === "string"
        ? async () => ({ value: content })
        : 'A text tool has its text in "content".';
    }
    case "cli": {
      if (options.commands !== true) return 'It runs commands on this machine; "commands": true allows that.';
      const script = toScript(template);
      if (script === undefined) return 'A command tool has its commands in "commands".';
      const env = Object.entries(isRecord(template["env_vars"]) ? template["env_vars"] : {});
      const missing = env
        .flatMap(([, text]) => variablesIn(String(text)))
        .filter((each) => !values.has(each));
      if (missing.length > 0) return `It needs a value for ${missing.join(", ")}: name it in "variables".`;
      const filled = Object.fromEntries(env.map(([key, text]) => [key, fillVariables(String(text), values)]));
      return (args, context) =>
        runCommand({ script, args, folder: options.folder, env: filled, secrets }, context);
    }
    default:
      return `Tools of the kind ${JSON.stringify(kind ?? null)} are not offered; http, text and cli are.`;
  }
}

function toDefinition(tool: ManualTool, request: HttpTool | undefined): ToolDefinition {
  const { name, description, inputs, outputs, tags, raw } = tool;
  const safe =
    request?.method === "get" || request?.method === "head" || tool.template["call_template_type"] === "text";
  return {
    upstreamName: name,
    name: name.split("."),
    description,
    input: inputs,
    ...(outputs === undefined ? {} : { output: outputs }),
    effect: safe ? "read" : request?.method === "delete" ? "destructive" : "write",
    tags,
    raw,
  };
}
