/** A source that does as it likes with what it may ask in the middle of a call, and what became of its questions. */
import { expect } from "vitest";
import { createCodemode, createWorkerdEngine } from "../../src/index.ts";
import type { AskPerson, Engine, PersonAnswer, PersonQuestion, Source } from "../../src/index.ts";
import type { RunDocument } from "../../src/spec/run.ts";
import type { CallContext, UpstreamAnswer, UpstreamQuestion } from "../../src/spec/source.ts";

export type Relay = (question: UpstreamQuestion) => Promise<UpstreamAnswer>;
export type Misbehave = (relay: Relay, context: CallContext) => unknown;

const plainForm = { type: "object", properties: { n: { type: "integer" } } };
export const ask = (message: string, schema: unknown = plainForm): UpstreamQuestion => ({
  kind: "elicitation",
  message,
  schema,
});
export const codeOf = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    (answer) => JSON.stringify(answer),
    (error: unknown) => String(error instanceof Error && "code" in error ? error.code : error),
  );

export function createAsker(misbehave: Misbehave): Source {
  return {
    name: "asker",
    kind: "test",
    fingerprint: "1",
    identity: async () => ({ kind: "test" }),
    list: async () => ({
      tools: [{ upstreamName: "go", name: ["go"], input: { type: "object" }, effect: "read", raw: {} }],
      issues: [],
    }),
    call: async (_call, context) => {
      const value = await misbehave(context.relay ?? expect.fail("no relay"), context);
      return { value: value as string, labels: [] };
    },
    status: () => ({ state: "ready" }),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

interface Seen {
  readonly document: RunDocument;
  readonly shown: readonly PersonQuestion[];
}

const accept = async (): Promise<PersonAnswer> => ({ action: "accept", content: { n: 1 } });

export async function meet(
  misbehave: Misbehave,
  {
    engine = createWorkerdEngine(),
    answer = accept,
    code = "return await tools.asker.go({})",
    signal,
  }: {
    readonly engine?: Engine;
    readonly answer?: AskPerson;
    readonly code?: string;
    readonly signal?: AbortSignal;
  } = {},
): Promise<Seen> {
  const shown: PersonQuestion[] = [];
  await using codemode = createCodemode({ sources: [createAsker(misbehave)], engine, check: "off" });
  const { document } = await codemode.execute({
    code,
    ...(signal === undefined ? {} : { signal }),
    askPerson: (question) => {
      shown.push(question);
      return answer(question);
    },
  });
  const next = await codemode.execute({ code: "return 1" });
  expect(next.document, "the next run").toMatchObject({ status: "completed", result: 1 });
  expect(Object.keys(Object.prototype)).toEqual([]);
  return { document, shown };
}
