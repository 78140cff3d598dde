/**
 * The policy of a wrapped set of tools: `needsApproval` of AI SDK tools becomes a question of the run, and all else is
 * up to the policy that the application states.
 */
import { toIdentifier, toPolicy } from "../../index.ts";
import type { Policy, PolicyAnswer, PolicyRequest, PolicyStatement } from "../../index.ts";
import type { AiCallOptions, AiTool, AiTools } from "./ai-tool.ts";

export interface ToolPolicyOptions {
  /** AI SDK tools by the name of their source. */
  readonly toolSets: ReadonlyMap<string, AiTools>;
  /** Asked of every tool when it is given, and the stricter answer counts; else `ask-writes` of all but AI SDK tools. */
  readonly stated: PolicyStatement | undefined;
  readonly callOptions: (runId: string) => AiCallOptions | undefined;
}

const free: PolicyAnswer = { decision: "allow", reason: "The tool needs no approval." };
const asked: PolicyAnswer = { decision: "ask", reason: "The tool needs approval." };

export function createToolPolicy({ toolSets, stated, callOptions }: ToolPolicyOptions): Policy {
  const tools = new Map<string, AiTool>();
  for (const [source, set] of toolSets)
    for (const [name, tool] of Object.entries(set)) tools.set(keyOf(toIdentifier(source), name), tool);
  const general = toPolicy(stated ?? "ask-writes");
  return (request) => {
    const tool = tools.get(keyOf(request.tool.source, request.tool.upstreamName));
    if (tool === undefined) return general(request);
    const answer = stated === undefined ? free : general(request);
    if (answer.decision !== "allow") return answer;
    return needsApproval(tool, request, callOptions(request.run.id)) ? asked : answer;
  };
}

/** A policy answers at once, so whoever must be waited for, or fails, is taken for a yes. */
function needsApproval(
  tool: AiTool,
  { args, run }: PolicyRequest,
  options: AiCallOptions | undefined,
): boolean {
  const rule = tool.needsApproval;
  if (typeof rule !== "function") return rule === true;
  try {
    const said: unknown = Reflect.apply(rule, tool, [
      args,
      { messages: [], ...options, toolCallId: options?.toolCallId ?? run.id },
    ]);
    if (typeof said === "boolean") return said;
    Promise.resolve(said).catch(() => undefined);
    return true;
  } catch {
    return true;
  }
}

function keyOf(source: string, name: string): string {
  return `${source}\n${name}`;
}
