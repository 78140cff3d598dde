/**
 * Reads a UTCP manual (utcp.io, version 1.0 and its older spelling): tools and how each is called. What cannot be used
 * is listed with its reason and costs no other tool.
 */
import { CodemodeError } from "../../errors.ts";
import { isRecord } from "../../schema/is-record.ts";
import type { ToolIssue } from "../../spec/tool.ts";
import type { JsonSchema } from "../../spec/value.ts";

export interface ManualTool {
  readonly name: string;
  readonly description: string;
  readonly inputs: { readonly [keyword: string]: unknown };
  readonly outputs?: JsonSchema;
  readonly tags: readonly string[];
  readonly template: { readonly [key: string]: unknown };
  readonly raw: unknown;
}

export interface Manual {
  readonly tools: readonly ManualTool[];
  readonly issues: readonly ToolIssue[];
}

const maxTools = 20_000;

/** Throws `source_invalid` for what is no manual. */
export function readManual(parsed: unknown, source: string): Manual {
  if (isRecord(parsed) && ("openapi" in parsed || "swagger" in parsed))
    throw notOne(source, "it is an OpenAPI document", 'Name it under "openapi" instead of "utcp".');
  if (!isRecord(parsed) || !Array.isArray(parsed["tools"]))
    throw notOne(source, 'it has no list "tools"', "A manual has utcp_version, manual_version and tools.");
  const tools = new Map<string, ManualTool>();
  const issues: ToolIssue[] = [];
  const leaveOut = (upstreamName: string, reason: string): void =>
    void issues.push({ upstreamName, kind: "left_out", reason });
  for (const [at, raw] of parsed["tools"].slice(0, maxTools).entries()) {
    const tool = readTool(raw);
    if (typeof tool === "string") leaveOut(nameOf(raw) ?? `tools[${at}]`, tool);
    else if (tools.has(tool.name)) leaveOut(tool.name, "A tool before it has the same name.");
    else tools.set(tool.name, tool);
  }
  const beyond = parsed["tools"].length - maxTools;
  if (beyond > 0) leaveOut("*", `${beyond} tools beyond the first ${maxTools} are not offered.`);
  return { tools: [...tools.values()], issues };
}

/** The tool, or why it cannot be used. */
function readTool(raw: unknown): ManualTool | string {
  const name = nameOf(raw);
  if (!isRecord(raw) || name === undefined) return "It has no name.";
  const { description, inputs, outputs, tags } = raw;
  const template = raw["tool_call_template"] ?? raw["tool_provider"];
  if (!isRecord(template)) return 'It does not say how it is called: there is no "tool_call_template".';
  if (inputs !== undefined && !isRecord(inputs)) return '"inputs" is not a schema.';
  return {
    name,
    description: typeof description === "string" ? description : "",
    inputs: { ...inputs, type: "object" },
    ...(isRecord(outputs) && Object.keys(outputs).length > 0 ? { outputs } : {}),
    tags: Array.isArray(tags) ? tags.filter((tag) => typeof tag === "string") : [],
    template,
    raw,
  };
}

function nameOf(raw: unknown): string | undefined {
  const name = isRecord(raw) ? raw["name"] : undefined;
  return typeof name === "string" && name !== "" ? name : undefined;
}

function notOne(source: string, why: string, hint: string): CodemodeError {
  return new CodemodeError("source_invalid", `What "${source}" names is no UTCP manual: ${why}.`, { hint });
}
