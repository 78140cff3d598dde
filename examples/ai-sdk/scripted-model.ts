/**
 * Stands in for a real model, so that the examples run anywhere: it answers step by step what it is told to. With a
 * provider of the AI SDK, `model` is `openai("gpt-5.1")` or whichever you use, and nothing else changes.
 */
import { MockLanguageModelV4, simulateReadableStream } from "ai/test";

/** A call of a tool, or the last words; it may look at what it was sent. */
export type Step = (prompt: string) => { readonly call: string; readonly input: object } | string;

const usage = {
  inputTokens: { total: 0, noCache: 0, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 0, text: 0, reasoning: 0 },
};

export function scriptedModel(steps: readonly Step[]): MockLanguageModelV4 {
  let at = 0;
  const next = ({ prompt }: { readonly prompt: unknown }) => {
    const answer = steps[at]?.(JSON.stringify(prompt)) ?? "";
    at += 1;
    return answer;
  };
  const finish = (answer: ReturnType<Step>) => ({
    usage,
    finishReason: {
      unified: typeof answer === "string" ? ("stop" as const) : ("tool-calls" as const),
      raw: undefined,
    },
  });
  const toCall = ({ call, input }: Exclude<ReturnType<Step>, string>) => ({
    type: "tool-call" as const,
    toolCallId: `call_${at}`,
    toolName: call,
    input: JSON.stringify(input),
  });
  return new MockLanguageModelV4({
    doGenerate: async (options) => {
      const answer = next(options);
      const content = typeof answer === "string" ? { type: "text" as const, text: answer } : toCall(answer);
      return { content: [content], warnings: [], ...finish(answer) };
    },
    doStream: async (options) => {
      const answer = next(options);
      const content =
        typeof answer === "string"
          ? [
              { type: "text-start" as const, id: "1" },
              { type: "text-delta" as const, id: "1", delta: answer },
              { type: "text-end" as const, id: "1" },
            ]
          : [toCall(answer)];
      const chunks = [
        { type: "stream-start" as const, warnings: [] },
        ...content,
        { type: "finish" as const, ...finish(answer) },
      ];
      return { stream: simulateReadableStream({ chunks }) };
    },
  });
}
