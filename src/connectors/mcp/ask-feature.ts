/**
 * Resources and prompts of a server as values: what is listed page by page, what is read with bytes as bytes.
 */
import { CallError } from "../../call-error.ts";
import { isRecord } from "../../schema/is-record.ts";
import type { FeatureRequest } from "../../spec/source.ts";
import type { Value } from "../../spec/value.ts";
import { contentToValue } from "./content-to-value.ts";
import { jsonToValue, type NestingBound } from "./json-to-value.ts";
import { rememberUpstreamResult } from "./upstream-result.ts";

/** Sends one request of the protocol and resolves with its raw result. */
export type SendFeature = (
  method: string,
  params: { readonly [name: string]: unknown },
) => Promise<{ readonly [key: string]: unknown }>;

const mostPages = 50;

/** Throws `tool_failed` with the server's own words, and `tool_result_invalid`. */
export async function askFeature(
  request: FeatureRequest,
  send: SendFeature,
  { source, depth }: { readonly source: string; readonly depth: number },
): Promise<Value> {
  const bound: NestingBound = { source, tool: request.kind.replace(".", "/"), depth };
  switch (request.kind) {
    case "resources.list":
    case "prompts.list":
      return listAll(request.kind === "resources.list" ? "resources" : "prompts", send, bound);
    case "resources.read": {
      const answer = await send("resources/read", { uri: request.uri });
      const { contents } = answer;
      if (!Array.isArray(contents)) throw withoutContent(bound);
      const value = contents.map(
        (each: unknown) => contentToValue({ type: "resource", resource: each }, bound).value,
      );
      rememberUpstreamResult(value, answer);
      return value;
    }
    case "prompts.get": {
      const answer = await send("prompts/get", { name: request.name, arguments: request.args });
      const { description, messages } = answer;
      if (!Array.isArray(messages)) throw withoutContent(bound);
      const value = {
        ...(typeof description === "string" ? { description } : {}),
        messages: messages.filter(isRecord).map(({ role, content }) => ({
          role: role === "assistant" ? "assistant" : "user",
          content: contentToValue(content, bound).value,
        })),
      };
      rememberUpstreamResult(value, answer);
      return value;
    }
  }
}

async function listAll(key: "resources" | "prompts", send: SendFeature, bound: NestingBound): Promise<Value> {
  const found: Value[] = [];
  let cursor: unknown;
  for (let page = 0; page < mostPages; page += 1) {
    const answer = await send(`${key}/list`, cursor === undefined ? {} : { cursor });
    const items = answer[key];
    if (!Array.isArray(items)) throw withoutContent(bound);
    for (const item of items) found.push(jsonToValue(item, bound));
    cursor = answer["nextCursor"];
    if (typeof cursor !== "string" || cursor === "") break;
  }
  return found;
}

function withoutContent({ source, tool }: NestingBound): CallError {
  return new CallError("tool_result_invalid", `"${source}" answered ${tool} without any content.`, {
    outcome: "failed",
  });
}
