/**
 * What a server asks of its client in the middle of a call, from the wire and back to it: a form to fill in, a completion
 * to sample. The words stay as they came; whether anybody is asked is the core's.
 */
import { CodemodeError, toCodemodeError } from "../../errors.ts";
import { isRecord } from "../../schema/is-record.ts";
import type { CallContext, UpstreamAnswer, UpstreamQuestion } from "../../spec/source.ts";

export type Relay = NonNullable<CallContext["relay"]>;

/** As JSON-RPC has it, without id. */
export type RelayedAnswer =
  | { readonly result: { readonly [key: string]: unknown } }
  | { readonly error: { readonly code: number; readonly message: string } };

const mostTokens = 1_000_000;
/** InvalidParams, and "not now". */
const codes = { invalid: -32602, declined: -32603, unknown: -32601 };

export function isRelayed(method: string): boolean {
  return method === "elicitation/create" || method === "sampling/createMessage";
}

/** Never rejects. */
export async function relayRequest(method: string, params: unknown, relay: Relay): Promise<RelayedAnswer> {
  try {
    return { result: toResult(await relay(toQuestion(method, params))) };
  } catch (thrown) {
    const { code, message } = toCodemodeError(thrown);
    return { error: { code: code === "usage" ? codes.invalid : codes.declined, message } };
  }
}

/** Throws `usage` for what is neither. */
export function toQuestion(method: string, params: unknown): UpstreamQuestion {
  const fields = isRecord(params) ? params : {};
  if (method === "elicitation/create") {
    const { mode = "form", message, requestedSchema: schema } = fields;
    if (mode !== "form") throw unfit("only forms are relayed, no addresses to visit");
    if (typeof message !== "string") throw unfit("the message must be text");
    return { kind: "elicitation", message, schema };
  }
  if (method === "sampling/createMessage") return toSampling(fields);
  throw unfit(`${method.slice(0, 100)} is not relayed`);
}

function toSampling({
  messages,
  systemPrompt,
  maxTokens,
}: {
  readonly [key: string]: unknown;
}): UpstreamQuestion {
  if (!Array.isArray(messages)) throw unfit("the messages must be a list");
  const limit = typeof maxTokens === "number" && maxTokens >= 1 ? Math.floor(maxTokens) : 1;
  return {
    kind: "sampling",
    ...(typeof systemPrompt === "string" ? { system: systemPrompt } : {}),
    messages: messages.map(toMessage),
    maxTokens: Math.min(limit, mostTokens),
  };
}

function toMessage(message: unknown): { readonly role: "user" | "assistant"; readonly text: string } {
  if (!isRecord(message)) throw unfit("a message must be an object");
  const { role, content } = message;
  const blocks: readonly unknown[] = Array.isArray(content) ? content : [content];
  const texts = blocks.map((block) =>
    isRecord(block) && block["type"] === "text" ? block["text"] : undefined,
  );
  if ((role !== "user" && role !== "assistant") || !texts.every((text) => typeof text === "string"))
    throw unfit("only messages of text are relayed");
  return { role, text: texts.join("\n") };
}

export function toResult(answer: UpstreamAnswer): { readonly [key: string]: unknown } {
  if (answer.action !== "sampled") return { ...answer };
  return {
    role: "assistant",
    content: { type: "text", text: answer.text },
    model: "relayed",
    stopReason: "endTurn",
  };
}

function unfit(why: string): CodemodeError {
  return new CodemodeError("usage", `What the server asks cannot be relayed: ${why}.`);
}
