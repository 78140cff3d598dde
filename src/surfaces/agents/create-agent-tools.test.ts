import { describe, expect, it, onTestFinished } from "vitest";
import { createMemoryCodemode } from "../../../test/fixtures/memory-codemode.ts";
import {
  createCodemode,
  createFunctionsSource,
  createQuickJsEngine,
  createWorkerdEngine,
} from "../../index.ts";
import type { Codemode, RunEvent } from "../../index.ts";
import {
  answerAnthropic,
  answerOpenAi,
  answerOpenAiResponse,
  anthropicTools,
  createAgentTools,
  openAiResponseTools,
  openAiTools,
} from "./create-agent-tools.ts";

function start(createEngine = createWorkerdEngine): Codemode {
  const input = { type: "object", properties: { id: { type: "number" } }, required: ["id"] } as const;
  const source = createFunctionsSource("shop", {
    get_order: { description: "One order.", effect: "read", input, run: ({ id }) => ({ id, total: 7 }) },
    cancel_order: { description: "Cancels.", effect: "write", input, run: () => "done" },
  });
  const codemode = createCodemode({ sources: [source], engine: createEngine() });
  onTestFinished(() => codemode.close());
  return codemode;
}

describe("the two tools for any agent", () => {
  it("inline a small fleet, say what there is, and keep to the surface asked for", async () => {
    const codemode = start();
    const { tools, instructions } = await createAgentTools(codemode);
    expect(instructions).toContain("shop (2)");
    expect(tools.map(({ name }) => name)).toEqual(["search", "execute"]);
    expect(tools[1]?.description).toContain("get_order");
    const searching = await createAgentTools(codemode, { surface: "search" });
    expect(searching.tools[1]?.description).not.toContain("get_order");
  });

  it.each([
    ["workerd", createWorkerdEngine],
    ["quickjs", createQuickJsEngine],
  ])("search and execute on %s", async (_engine, createEngine) => {
    const events: RunEvent[] = [];
    const agent = await createAgentTools(start(createEngine), { onEvent: (event) => events.push(event) });
    expect(await agent.call("search", { query: "order" })).toContain("shop.get_order");
    expect(
      await agent.call("execute", '{"code":"return (await tools.shop.get_order({ id: 3 })).total"}'),
    ).toContain("7");
    expect(events.map(({ type }) => type)).toContain("call");
  });

  it.each<[what: string, name: string, input: unknown, says: RegExp]>([
    [
      "an unknown tool",
      "exec",
      {},
      /^tool_not_found: There is no tool "exec"\.\nThere are search and execute/,
    ],
    ["text that is no JSON", "execute", "{code:", /^usage: .*\nexecute takes either/s],
    ["an unknown key", "search", { query: "x", top: 3 }, /^usage: .*top/],
    ["both ways at once", "execute", { code: "return 1", resume: "run_1" }, /^usage: /],
    ["a run that is not there", "execute", { resume: "run_1" }, /^run_not_found: /],
    ["a wrong type", "execute", { code: 7 }, /^usage: /],
    ["a list", "execute", [], /^usage: /],
    ["a wrong program", "execute", { code: "return tools.shop.get_oder({ id: 1 })" }, /get_order/],
    ["a program that throws", "execute", { code: "throw new Error('no')" }, /snippet_threw/],
  ])("tell the model of %s instead of throwing", async (_what, name, input, says) => {
    const agent = await createAgentTools(start());
    expect(await agent.call(name, input)).toMatch(says);
  });

  it("pause for a person and go on", async () => {
    const codemode = start();
    const agent = await createAgentTools(codemode, { principal: "ann" });
    const paused = await agent.call("execute", { code: "return tools.shop.cancel_order({ id: 1 })" });
    const runId = /run_\w+/.exec(paused)?.[0] ?? "";
    await codemode.answer({ runId, principal: "ann", approve: true });
    expect(await agent.call("execute", { resume: runId })).toContain("done");
  });

  it("stop a run with its signal, and throw then alone", async () => {
    const codemode = createMemoryCodemode();
    const agent = await createAgentTools(codemode);
    const stop = new AbortController();
    const call = agent.call("execute", { code: "slow" }, { signal: stop.signal });
    setTimeout(() => stop.abort(), 100);
    expect(await call).toContain("run_cancelled");
    expect(codemode.cancelled).toEqual(["slow"]);
    await expect(agent.call("execute", { code: "slow" }, { signal: AbortSignal.abort() })).rejects.toThrow();
  });
});

describe("the shapes of SDKs", () => {
  it("carry the same names, words and schemas", async () => {
    const agent = await createAgentTools(createMemoryCodemode());
    const names = ["search", "execute"];
    expect(openAiTools(agent).map((tool) => tool.function.name)).toEqual(names);
    expect(openAiResponseTools(agent).map(({ name }) => name)).toEqual(names);
    expect(anthropicTools(agent).map(({ name }) => name)).toEqual(names);
    expect(anthropicTools(agent)[0]?.input_schema).toEqual(agent.tools[0]?.inputSchema);
  });

  it("answer every call of the model in order, and nothing else", async () => {
    const agent = await createAgentTools(createMemoryCodemode());
    const chat = [
      { type: "function", id: "a", function: { name: "search", arguments: '{"query":"x"}' } },
      { type: "custom", id: "b", custom: { name: "other", input: "" } },
      { type: "function", id: "c", function: { name: "execute", arguments: '{"code":"1"}' } },
    ];
    expect(await answerOpenAi(agent, chat)).toEqual([
      { role: "tool", tool_call_id: "a", content: "found by x" },
      { role: "tool", tool_call_id: "c", content: "returned 1" },
    ]);
    expect(await answerOpenAi(agent, undefined)).toEqual([]);
    const output = [
      { type: "reasoning", summary: [] },
      { type: "function_call", call_id: "a", name: "search", arguments: '{"query":"x"}' },
    ];
    expect(await answerOpenAiResponse(agent, output)).toEqual([
      { type: "function_call_output", call_id: "a", output: "found by x" },
    ]);
    const content = [
      { type: "text", text: "so" },
      { type: "tool_use", id: "a", name: "search", input: { query: "x" } },
    ];
    expect(await answerAnthropic(agent, content)).toEqual([
      { type: "tool_result", tool_use_id: "a", content: "found by x" },
    ]);
  });
});
